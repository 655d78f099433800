import { expect, test } from 'vitest'
import { parseEnvelope } from './cwmp.ts'
import { buildRequest } from './encode.ts'
import { withPrefixes } from './prefixes.ts'

const value = {
  Name: 'Device.A',
  Value: 'soapenv: is <soapenv:text> "soapenc:base64"',
  type: 'soapenc:base64',
}
const request = buildRequest('SetParameterValues', { ParameterList: [value], ParameterKey: '' }, { id: '1' })

test('says the same in other prefixes', () => {
  const other = withPrefixes(request, { envelope: 'SOAP-ENV', encoding: 'SOAP-ENC' })

  expect(other.match(/<\/?SOAP-ENV:\w+/g)).toEqual(
    request.match(/<\/?soapenv:\w+/g)?.map((tag) => tag.replace('soapenv', 'SOAP-ENV')),
  )
  expect(other).toContain(
    '<Value xsi:type="SOAP-ENC:base64">soapenv: is &lt;soapenv:text&gt; "soapenc:base64"</',
  )
  expect(other).toContain(' SOAP-ENC:arrayType="cwmp:ParameterValueStruct[1]"')
  expect(other).toContain('xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"')
  const [before, after] = [request, other].map((text) => parseEnvelope(Buffer.from(text)))
  expect(after).toMatchObject({ kind: 'request', name: 'SetParameterValues', id: '1' })
  expect(after?.cwmpNamespace).toBe(before?.cwmpNamespace)
})

test('leaves alone what has none of them, and everything where the usual ones are wanted', () => {
  const foreign = '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"/>'
  expect(withPrefixes(foreign, { envelope: 'SOAP-ENV', encoding: 'SOAP-ENC' })).toBe(foreign)
  expect(withPrefixes(request, { envelope: 'soapenv', encoding: 'soapenc' })).toBe(request)
})
