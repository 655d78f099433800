import { ConformanceFailure, test } from '../../harness/conformance.ts'
import { assertReadsAltered, assertReadsText, probeRequest, withoutDeclaration } from './probe.ts'

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

/** The request with another prefix for a namespace. */
function withPrefix(request: string, from: string, to: string): string {
  return request
    .replaceAll(`<${from}:`, `<${to}:`)
    .replaceAll(`</${from}:`, `</${to}:`)
    .replaceAll(` ${from}:`, ` ${to}:`)
    .replaceAll(`"${from}:`, `"${to}:`)
    .replaceAll(`xmlns:${from}=`, `xmlns:${to}=`)
}

/** The request with another header. */
function withHeader(request: string, header: string): string {
  return request.replace('</soapenv:Header>', `${header}</soapenv:Header>`)
}

test('SOAP-001 knows SOAP and CWMP by their namespaces, whatever their prefixes', {
  meta: { id: 'SOAP-001' },
}, async ({ session, pixit }) => {
  await assertReadsAltered({ session, pixit }, (request) =>
    withPrefix(withPrefix(request, 'soapenv', 'S'), 'cwmp', '_c-1.x'),
  )
})

test('SOAP-002 knows SOAP and CWMP when their usual prefixes are exchanged', {
  meta: { id: 'SOAP-002' },
}, async ({ session, pixit }) => {
  await assertReadsAltered({ session, pixit }, (request) =>
    withPrefix(withPrefix(withPrefix(request, 'soapenv', 'other'), 'cwmp', 'soapenv'), 'other', 'cwmp'),
  )
})

test('SOAP-003 knows an RPC whose element has CWMP as its default namespace', {
  meta: { id: 'SOAP-003' },
}, async ({ session, pixit }) => {
  const namespace = session.informEnvelope.cwmpNamespace

  await assertReadsAltered({ session, pixit }, (request) =>
    request
      .replace('<cwmp:GetParameterValues>', `<GetParameterValues xmlns="${namespace}">`)
      .replace('</cwmp:GetParameterValues>', '</GetParameterValues>')
      .replace('<ParameterNames', '<ParameterNames xmlns=""'),
  )
})

test('SOAP-004 knows an envelope that has SOAP as its default namespace', {
  meta: { id: 'SOAP-004' },
}, async ({ session, pixit }) => {
  await assertReadsAltered({ session, pixit }, (request) =>
    request
      .replaceAll('<soapenv:', '<')
      .replaceAll('</soapenv:', '</')
      .replace('<Envelope', `<Envelope xmlns="${SOAP}"`)
      .replace('<ParameterNames', '<ParameterNames xmlns=""'),
  )
})

test('SOAP-005 knows namespaces that are declared where they are used first', {
  meta: { id: 'SOAP-005' },
}, async ({ session, pixit }) => {
  const declared = `xmlns:cwmp="${session.informEnvelope.cwmpNamespace}"`

  await assertReadsAltered({ session, pixit }, (request) =>
    request
      .replace(` ${declared}`, '')
      .replace('<cwmp:ID', `<cwmp:ID ${declared}`)
      .replace('<cwmp:GetParameterValues', `<cwmp:GetParameterValues ${declared}`),
  )
})

test('SOAP-006 reads an envelope with an XML declaration', {
  meta: { id: 'SOAP-006' },
}, async ({ session, pixit }) => {
  const request = withoutDeclaration(probeRequest({ session, pixit }))

  await assertReadsText({ session, pixit }, `${DECLARATION}\n${request}`)
})

test('SOAP-007 reads an envelope without an XML declaration', {
  meta: { id: 'SOAP-007' },
}, async ({ session, pixit }) => {
  const request = withoutDeclaration(probeRequest({ session, pixit }))

  await assertReadsText({ session, pixit }, request)
})

test('SOAP-008 reads an envelope that begins with a byte order mark', {
  meta: { id: 'SOAP-008' },
}, async ({ session, pixit }) => {
  const request = withoutDeclaration(probeRequest({ session, pixit }))

  await assertReadsText({ session, pixit }, `\ufeff${DECLARATION}${request}`)
})

test('SOAP-009 reads an XML declaration in its other spellings', {
  meta: { id: 'SOAP-009' },
}, async ({ session, pixit }) => {
  const request = withoutDeclaration(probeRequest({ session, pixit }))

  await assertReadsText(
    { session, pixit },
    `<?xml version='1.0'  encoding = 'utf-8' standalone='yes' ?>\r\n\r\n${request}`,
  )
})

test('SOAP-010 resolves character references', {
  meta: { id: 'SOAP-010' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.readOnly
  const referenced = [...path]
    .map((character, index) => {
      const code = character.charCodeAt(0)
      return index % 2 === 0 ? `&#${code};` : `&#x${code.toString(16)};`
    })
    .join('')

  await assertReadsAltered({ session, pixit }, (request) => request.replace(path, referenced))
})

test('SOAP-011 reads a CDATA section as text', {
  meta: { id: 'SOAP-011' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.readOnly

  await assertReadsAltered({ session, pixit }, (request) => request.replace(path, `<![CDATA[${path}]]>`))
})

test('SOAP-012 joins text and CDATA sections', {
  meta: { id: 'SOAP-012' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.readOnly
  const [head, tail] = [path.slice(0, 5), path.slice(5)]

  await assertReadsAltered({ session, pixit }, (request) =>
    request.replace(path, `${head}<![CDATA[${tail.slice(0, 3)}]]>${tail.slice(3)}`),
  )
})

test('SOAP-013 ignores comments, wherever they stand', {
  meta: { id: 'SOAP-013' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.readOnly

  await assertReadsAltered({ session, pixit }, (request) =>
    request
      .replace('<soapenv:Envelope', '<!-- one --><soapenv:Envelope')
      .concat('<!-- last -->')
      .replaceAll('><', '><!-- <cwmp:Reboot/> & --><')
      .replace(path, `${path.slice(0, 5)}<!-- in the middle -->${path.slice(5)}`),
  )
})

test('SOAP-014 ignores white space between elements', {
  meta: { id: 'SOAP-014' },
}, async ({ session, pixit }) => {
  await assertReadsAltered({ session, pixit }, (request) => request.replaceAll('><', '>\r\n\t  <'))
})

test('SOAP-015 reads tags with white space and attributes in single quotes', {
  meta: { id: 'SOAP-015' },
}, async ({ session, pixit }) => {
  await assertReadsAltered({ session, pixit }, (request) =>
    request
      .replaceAll('"', "'")
      .replace('</cwmp:GetParameterValues>', '</cwmp:GetParameterValues\n>')
      .replace('<string>', '<string\t>')
      .replaceAll(' xmlns:', '\n  xmlns:'),
  )
})

test('SOAP-016 ignores an unknown header that need not be understood', {
  meta: { id: 'SOAP-016' },
}, async ({ session, pixit }) => {
  await assertReadsAltered({ session, pixit }, (request) =>
    withHeader(request, '<x:Trace xmlns:x="urn:example:x"><x:Hop>1</x:Hop></x:Trace>'),
  )
})

test('SOAP-017 ignores an unknown header with mustUnderstand 0', {
  meta: { id: 'SOAP-017' },
}, async ({ session, pixit }) => {
  await assertReadsAltered({ session, pixit }, (request) =>
    withHeader(request, '<x:Trace xmlns:x="urn:example:x" soapenv:mustUnderstand="0">1</x:Trace>'),
  )
})

test('SOAP-018 answers an unknown header with mustUnderstand 1 with the SOAP fault MustUnderstand', {
  meta: { id: 'SOAP-018' },
}, async ({ session, pixit }) => {
  const request = withHeader(
    probeRequest({ session, pixit }),
    '<x:Trace xmlns:x="urn:example:x" soapenv:mustUnderstand="1">1</x:Trace>',
  )

  const { envelope, description } = await session.send(request)

  if (envelope?.fault?.soapFaultCode !== 'MustUnderstand')
    throw new ConformanceFailure('a SOAP fault MustUnderstand', description)
})

test('SOAP-019 leaves alone a header for another actor that must be understood', {
  meta: { id: 'SOAP-019' },
}, async ({ session, pixit }) => {
  const header =
    '<x:Trace xmlns:x="urn:example:x" soapenv:mustUnderstand="1" soapenv:actor="urn:example:proxy">1</x:Trace>'

  await assertReadsAltered({ session, pixit }, (request) => withHeader(request, header))
})

test('SOAP-020 knows mustUnderstand by its namespace', {
  meta: { id: 'SOAP-020' },
}, async ({ session, pixit }) => {
  await assertReadsAltered({ session, pixit }, (request) =>
    withHeader(
      request,
      '<x:Trace xmlns:x="urn:example:x" mustUnderstand="1" x:mustUnderstand="1">1</x:Trace>',
    ),
  )
})

test('SOAP-021 ignores attributes that it does not know', {
  meta: { id: 'SOAP-021' },
}, async ({ session, pixit }) => {
  await assertReadsAltered({ session, pixit }, (request) =>
    request
      .replace('<soapenv:Envelope', '<soapenv:Envelope xmlns:x="urn:example:x" x:trace="1"')
      .replace('<cwmp:GetParameterValues', '<cwmp:GetParameterValues x:trace="1" Id="a"')
      .replace('<string', '<string x:trace="1"'),
  )
})

test('SOAP-022 ignores elements that it does not know', {
  meta: { id: 'SOAP-022' },
}, async ({ session, pixit }) => {
  const unknown =
    '<Unknown><string>Device.Unknown.</string></Unknown><x:Odd xmlns:x="urn:example:x">1</x:Odd>'

  await assertReadsAltered({ session, pixit }, (request) =>
    request.replace('</cwmp:GetParameterValues>', `${unknown}</cwmp:GetParameterValues>`),
  )
})

test('SOAP-023 reads an envelope that names its encodingStyle', {
  meta: { id: 'SOAP-023' },
}, async ({ session, pixit }) => {
  await assertReadsAltered({ session, pixit }, (request) =>
    request.replace(
      '<soapenv:Body>',
      '<soapenv:Body soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">',
    ),
  )
})

test('SOAP-024 knows arrayType by its namespace and its type by whatever prefix', {
  meta: { id: 'SOAP-024' },
}, async ({ session, pixit }) => {
  await assertReadsAltered({ session, pixit }, (request) =>
    withPrefix(withPrefix(request, 'soapenc', 'e'), 'xsd', 'soapenc'),
  )
})

test('SOAP-025 reads an array that names its own type', {
  meta: { id: 'SOAP-025' },
}, async ({ session, pixit }) => {
  await assertReadsAltered({ session, pixit }, (request) =>
    request
      .replace('<ParameterNames', '<ParameterNames xsi:type="soapenc:Array"')
      .replace('<string', '<string xsi:type="xsd:string"'),
  )
})

test('SOAP-026 reads an envelope without a Header', {
  meta: { id: 'SOAP-026' },
}, async ({ session, pixit }) => {
  // Whether the response may have a cwmp:ID then is SOAP-041's business.
  await assertReadsAltered({ session, pixit }, (request) =>
    request.replace(/<soapenv:Header>.*<\/soapenv:Header>/, ''),
  )
})

test('SOAP-027 pays no regard to NoMoreRequests of an older ACS', {
  meta: { id: 'SOAP-027' },
}, async ({ session, pixit }) => {
  const says = (request: string) => {
    const prefix = /xmlns:(\w+)="urn:dslforum-org:cwmp/.exec(request)?.[1] ?? 'cwmp'
    return withHeader(request, `<${prefix}:NoMoreRequests>1</${prefix}:NoMoreRequests>`)
  }

  await assertReadsAltered({ session, pixit }, says)
  await assertReadsAltered({ session, pixit }, says)
})
