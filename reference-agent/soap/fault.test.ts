import { expect, test } from 'vitest'
import { buildEnvelope } from './envelope.ts'
import { CwmpFault, faultBody, SoapFault } from './fault.ts'
import { childNamed, parseXml, type XmlElement } from './xml.ts'

function faultElement(fault: CwmpFault | SoapFault): XmlElement {
  const body = parseXml(buildEnvelope(faultBody(fault), { version: '1.4' })).children[0]
  const [element] = body?.children ?? []
  if (!element) throw new Error('no fault')
  return element
}

function texts(element: XmlElement | undefined): Record<string, string> {
  return Object.fromEntries((element?.children ?? []).map(({ name, text }) => [name, text]))
}

test('pairs codes with Client and Server', () => {
  const pairs = [9000, 9001, 9002, 9003, 9004, 9005, 9006, 9007, 9008, 9009].map((code) =>
    texts(faultElement(new CwmpFault(code))),
  )

  expect(pairs.map(({ faultcode }) => faultcode).join(' ')).toBe(
    'Server Server Server Client Server Client Client Client Client Server',
  )
  expect(new Set(pairs.map(({ faultstring }) => faultstring))).toEqual(new Set(['CWMP fault']))
})

test('lists each parameter in error in the detail', () => {
  const fault = new CwmpFault(9003, '', [
    { parameterName: 'Device.A', faultCode: 9005, faultString: 'Invalid parameter name' },
    { parameterName: 'Device.<&', faultCode: 9007, faultString: 'x' },
  ])

  const detail = childNamed(faultElement(fault), 'detail')?.children[0]

  expect(detail?.uri).toBe('urn:dslforum-org:cwmp-1-2')
  expect(detail?.children.map(({ name }) => name)).toEqual([
    'FaultCode',
    'FaultString',
    'SetParameterValuesFault',
    'SetParameterValuesFault',
  ])
  expect(texts(detail)).toMatchObject({ FaultCode: '9003', FaultString: 'Invalid arguments' })
  expect(texts(detail?.children[3])).toEqual({
    ParameterName: 'Device.<&',
    FaultCode: '9007',
    FaultString: 'x',
  })
})

test('repeats no more than a little of what the ACS sent', () => {
  expect([...new CwmpFault(9005, '😀'.repeat(100_000)).faultString]).toHaveLength(256)
  expect(() => faultBody(new CwmpFault(9005, `x${'😀'.repeat(1000)}`))).not.toThrow()
})

test('writes a SOAP fault without CWMP detail', () => {
  const element = faultElement(new SoapFault('MustUnderstand', 'header x is not understood'))

  expect(texts(element)).toEqual({
    faultcode: 'soap-env:MustUnderstand',
    faultstring: 'header x is not understood',
  })
})
