import { describe, expect, test } from 'vitest'
import { buildEnvelope, EnvelopeError, parseEnvelope } from './envelope.ts'
import { SoapFault } from './fault.ts'
import { CWMP_VERSIONS, namespaceOf, SOAP_ENVELOPE } from './namespaces.ts'
import { parseXml } from './xml.ts'

function envelope(header: string, body = '<c:GetRPCMethods/>'): string {
  return `<s:Envelope xmlns:s="${SOAP_ENVELOPE}" xmlns:c="urn:dslforum-org:cwmp-1-2"><s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
}

describe('parseEnvelope', () => {
  test.each(CWMP_VERSIONS)('reads what buildEnvelope writes for CWMP %s', (version) => {
    const source = buildEnvelope('<cwmp:Reboot><CommandKey>k</CommandKey></cwmp:Reboot>', {
      version,
      id: '<7>',
    })

    expect(parseEnvelope(Buffer.from(source))).toMatchObject({
      namespace: namespaceOf(version),
      id: '<7>',
      kind: 'request',
      method: 'Reboot',
      holdRequests: false,
    })
  })

  test('reads the headers of an ACS', () => {
    const header =
      '<c:ID s:mustUnderstand="1">a b</c:ID><c:HoldRequests s:mustUnderstand="1"> 1 </c:HoldRequests>' +
      '<c:UseCWMPVersion s:mustUnderstand="1">1.2</c:UseCWMPVersion><c:NoMoreRequests>1</c:NoMoreRequests>'

    expect(parseEnvelope(envelope(header))).toMatchObject({
      id: 'a b',
      holdRequests: true,
      useCwmpVersion: '1.2',
    })
  })

  test('tells responses from requests', () => {
    expect(parseEnvelope(envelope('', '<c:InformResponse/>'))).toMatchObject({
      kind: 'response',
      method: 'Inform',
    })
  })

  test('reads the fault of an ACS with and without detail', () => {
    const detail =
      '<detail><c:Fault><FaultCode>8005</FaultCode><FaultString>Retry request</FaultString></c:Fault></detail>'
    const fault = (rest: string) =>
      envelope(
        '',
        `<s:Fault><faultcode>s:Server</faultcode><faultstring>CWMP fault</faultstring>${rest}</s:Fault>`,
      )

    expect(parseEnvelope(fault(detail))).toMatchObject({
      kind: 'fault',
      fault: {
        faultCode: 8005,
        faultString: 'Retry request',
        soapFaultCode: 'Server',
        soapFaultString: 'CWMP fault',
      },
    })
    expect(parseEnvelope(fault('')).fault?.faultCode).toBe(0)
  })

  test('answers an unknown header that must be understood with a SOAP fault that knows the ID', () => {
    const strange = '<x:Lock xmlns:x="urn:x" s:mustUnderstand="1"/><c:ID s:mustUnderstand="1">9</c:ID>'

    expect(() => parseEnvelope(envelope(strange))).toThrow(
      expect.objectContaining({ soapCode: 'MustUnderstand', id: '9' }),
    )
  })

  test.each([
    ['need not be understood', '<x:Lock xmlns:x="urn:x" s:mustUnderstand="0"/>'],
    ['is for somebody else', '<x:Lock xmlns:x="urn:x" s:mustUnderstand="1" s:actor="urn:router"/>'],
  ])('ignores an unknown header that %s', (_what, header) => {
    expect(parseEnvelope(envelope(header)).method).toBe('GetRPCMethods')
  })

  test('refuses another version of SOAP with VersionMismatch', () => {
    const soap12 = envelope('').replaceAll(SOAP_ENVELOPE, 'http://www.w3.org/2003/05/soap-envelope')

    expect(() => parseEnvelope(soap12)).toThrow(expect.objectContaining({ soapCode: 'VersionMismatch' }))
  })

  test.each([
    ['HTML', '<html/>'],
    ['two requests in one Body', envelope('', '<c:Reboot/><c:Reboot/>')],
    ['an empty Body', envelope('', '')],
    ['no Body', `<s:Envelope xmlns:s="${SOAP_ENVELOPE}"/>`],
    ['octets that are not UTF-8', Buffer.from([0x3c, 0xff, 0x3e])],
    ['a document type', `<!DOCTYPE x>${envelope('')}`],
  ])('refuses %s', (_what, source) => {
    expect(() => parseEnvelope(source)).toThrow(EnvelopeError)
    expect(() => parseEnvelope(source)).not.toThrow(SoapFault)
  })
})

describe('buildEnvelope', () => {
  test('marks the headers as the schema wants', () => {
    const source = buildEnvelope('<cwmp:Inform/>', {
      version: '1.4',
      id: '1',
      sessionTimeout: 60,
      supportedCwmpVersions: ['1.0', '1.4'],
    })
    const header = parseXml(source).children[0]

    expect(header?.children.map(({ name, attributes, text }) => [name, attributes[0]?.value, text])).toEqual([
      ['ID', '1', '1'],
      ['SessionTimeout', '0', '60'],
      ['SupportedCWMPVersions', '0', '1.0,1.4'],
    ])
  })

  test('writes no ID when none came', () => {
    expect(buildEnvelope('<cwmp:Inform/>', { version: '1.0' })).not.toContain('Header')
  })
})
