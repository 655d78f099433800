import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import {
  buildFault,
  buildRequest,
  buildResponse,
  checkExchanges,
  checkUniversal,
  type UniversalExchange,
  type UniversalResult,
} from './cwmp.ts'
import { SAMPLES } from './samples.ts'

const records: { id: string }[] = JSON.parse(
  readFileSync(new URL('../requirements/universal.json', import.meta.url), 'utf8'),
)

type Headers = Record<string, string>
const HOST = { Host: 'acs.example' }
const REQUEST = { ...HOST, 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '""' }
const RESPONSE = { ...HOST, 'Content-Type': 'text/xml', SOAPAction: '' }
const EMPTY = { ...HOST, 'Content-Length': '0' }

function post(body: string | Uint8Array, headers: Headers, answer = ''): UniversalExchange {
  return {
    request: { method: 'POST', httpVersion: '1.1', headers: Object.entries(headers), body },
    answer: { status: answer === '' ? 204 : 200, headers: [], body: answer },
  }
}

const INFORM = buildRequest('Inform', SAMPLES.Inform.request, { id: '1' })
const GPV = buildRequest('GetParameterValues', { ParameterNames: ['Device.'] }, { id: 'a&b' })
const GPV_RESPONSE = buildResponse('GetParameterValues', SAMPLES.GetParameterValues.response, { id: 'a&b' })
const SPV = buildRequest('SetParameterValues', SAMPLES.SetParameterValues.request)
const SCHEDULE = buildRequest('ScheduleDownload', SAMPLES.ScheduleDownload.request)
const INFORM_PARAMETER = 'Device.ManagementServer.InformParameter.'
const fault = (code: number, options: { soapCode?: string; parameters?: number[] } = {}) =>
  buildFault({
    code,
    string: 'x',
    soapCode: options.soapCode ?? 'Server',
    setParameterValuesFaults: options.parameters?.map((FaultCode) => ({
      ParameterName: 'Device.X',
      FaultCode,
      FaultString: '',
    })),
  })

/** The session opens, the ACS asks, the CPE answers, both are done. */
const conversation = (question: string, answer: string, headers: Headers = RESPONSE) => [
  post(INFORM, REQUEST, buildResponse('Inform', { MaxEnvelopes: 1 }, { id: '1' })),
  post('', EMPTY, question),
  post(answer, headers),
]
const inform = (from: string | RegExp, to: string) => {
  const changed = INFORM.replace(from, to)
  if (changed === INFORM) throw new Error(`${from} does not occur`)
  return [post(changed, REQUEST)]
}
const events = (...codes: string[]) =>
  inform(
    /<Event .*<\/Event>/,
    `<Event soapenc:arrayType="cwmp:EventStruct[${codes.length}]">${codes
      .map((code) => `<EventStruct><EventCode>${code}</EventCode><CommandKey/></EventStruct>`)
      .join('')}</Event>`,
  )
const header = (xml: string) => inform('</soapenv:Header>', `${xml}</soapenv:Header>`)
const parameter = (name: string, source: UniversalExchange['request']['body'] = INFORM, value = '') => [
  post(
    String(source).replace(
      /\[6\](.*)<\/ParameterList>/,
      `[7]$1<ParameterValueStruct><Name>${name}</Name><Value xsi:type="xsd:string">${value}</Value></ParameterValueStruct></ParameterList>`,
    ),
    REQUEST,
  ),
]

/** What a conforming CPE may do. */
const CONFORMING: [name: string, exchanges: UniversalExchange[]][] = [
  [
    'a parameter in the Inform that the ACS has asked for',
    [
      ...conversation(
        buildRequest('AddObject', { ObjectName: INFORM_PARAMETER, ParameterKey: '' }),
        buildResponse('AddObject', { InstanceNumber: 1, Status: 0 }),
      ),
      ...parameter('Device.DeviceInfo.UpTime'),
      ...conversation(
        buildRequest('DeleteObject', { ObjectName: `${INFORM_PARAMETER}1.`, ParameterKey: '' }),
        buildResponse('DeleteObject', { Status: 0 }),
      ),
    ],
  ],
  ['a session with a question', conversation(GPV, GPV_RESPONSE)],
  [
    'a session with a fault',
    conversation(SPV, fault(9003, { soapCode: 'Client', parameters: [9007, 9801] })),
  ],
  [
    'a prefixed faultcode',
    conversation(
      GPV.replace('a&amp;b', 'x'),
      fault(9002, { soapCode: 'soapenv:Server' }).replace(
        '<soapenv:Body>',
        '<soapenv:Header><cwmp:ID soapenv:mustUnderstand="1">x</cwmp:ID></soapenv:Header><soapenv:Body>',
      ),
    ),
  ],
  [
    'a plain SOAP fault for a header that must be understood',
    conversation(
      GPV,
      fault(9000)
        .replace(/<detail>.*<\/detail>/, '')
        .replace('>Server<', '>soapenv:MustUnderstand<'),
    ),
  ],
  [
    'a fault in answer to a method nobody knows',
    conversation(SPV.replaceAll('SetParameterValues', 'X_00AABB_Do'), fault(9000)),
  ],
  [
    'a fault in answer to a method of another namespace',
    conversation(
      SPV.replace(/cwmp:SetParameterValues/g, 'x:SetParameterValues').replace(
        'xmlns:xsd',
        'xmlns:x="urn:x" xmlns:xsd',
      ),
      fault(9000),
    ),
  ],
  ['a new Inform instead of an answer', [...conversation(GPV, INFORM, REQUEST)]],
  [
    'a challenge between question and answer',
    [
      ...conversation(GPV, GPV_RESPONSE).slice(0, 2),
      { ...post(GPV_RESPONSE, RESPONSE), answer: { status: 401, headers: [], body: '' } },
      post(GPV_RESPONSE, RESPONSE),
    ],
  ],
  ['whatever follows an ACS that asks instead of answering', [post(INFORM, REQUEST, GPV), post('', EMPTY)]],
  ['whatever follows garbage of the ACS', conversation('<garbage', '').slice(0, 2).concat(post('', EMPTY))],
  [
    'all headers of an Inform',
    header(
      '<cwmp:SessionTimeout>60</cwmp:SessionTimeout><cwmp:SupportedCWMPVersions>1.0, 1.4</cwmp:SupportedCWMPVersions>',
    ),
  ],
  [
    'an Inform that tells a changed parameter',
    parameter('Device.X', events('2 PERIODIC', '4 VALUE CHANGE')[0]?.request.body),
  ],
  [
    'an answer in the namespace of a request that has one which there is not',
    conversation(
      GPV.replace('urn:dslforum-org:cwmp-1-2', 'urn:dslforum-org:cwmp-1-3'),
      GPV_RESPONSE.replace('urn:dslforum-org:cwmp-1-2', 'urn:dslforum-org:cwmp-1-3'),
    ),
  ],
]

/** What breaks exactly the requirements named, the first of which gives the entry its name. */
const VIOLATIONS: [requirements: string, exchanges: UniversalExchange[]][] = [
  ['UNI-HTTP-001', [{ request: { method: 'GET', headers: [['host', 'x']], body: '' } }]],
  [
    'UNI-HTTP-002',
    [{ request: { method: 'POST', httpVersion: '1.0', headers: Object.entries(EMPTY), body: '' } }],
  ],
  ['UNI-HTTP-003', [post('', { 'Content-Length': '0' })]],
  ['UNI-HTTP-004', [post('', { ...EMPTY, 'content-type': 'text/xml' })]],
  ['UNI-HTTP-005', [post('', { ...EMPTY, SOAPAction: '' })]],
  ['UNI-HTTP-006', [post('', HOST)]],
  ['UNI-HTTP-007', [post(INFORM, { ...REQUEST, 'Content-Type': 'application/soap+xml' })]],
  ['UNI-HTTP-007', [post(INFORM, { ...HOST, SOAPAction: '' })]],
  ['UNI-HTTP-008', [post(INFORM, { ...REQUEST, 'Content-Type': 'text/xml; charset="iso-8859-1"' })]],
  ['UNI-HTTP-009', conversation(GPV, GPV_RESPONSE, { ...HOST, 'Content-Type': 'text/xml' })],
  ['UNI-HTTP-010', conversation(GPV, GPV_RESPONSE, { ...RESPONSE, SOAPAction: '""' })],
  ['UNI-HTTP-011', [post(INFORM, { ...HOST, 'Content-Type': 'text/xml' })]],
  ['UNI-XML-001', inform('</soapenv:Envelope>', '')],
  ['UNI-XML-001', [post(Buffer.from([0x3c, 0xff, 0x3e]), REQUEST)]],
  ['UNI-XML-002', [post(Buffer.from(`\ufeff${INFORM}`, 'utf16le'), REQUEST)]],
  [
    'UNI-XML-002',
    [
      post(
        Buffer.from(INFORM.replace('UTF-8', 'ISO-8859-1').replace('Example', 'Müller'), 'latin1'),
        REQUEST,
      ),
    ],
  ],
  ['UNI-SOAP-001', [post('<html><body>404</body></html>', REQUEST)]],
  ['UNI-SOAP-001', inform(/<soapenv:Body>.*<\/soapenv:Body>/, '<soapenv:Body/>')],
  ['UNI-SOAP-002', [post(INFORM + INFORM.replace(/^.*\n/, ''), REQUEST)]],
  ['UNI-SOAP-003', inform('</soapenv:Body>', '<x:y xmlns:x="urn:x"/></soapenv:Body>')],
  ['UNI-SOAP-004', inform('urn:dslforum-org:cwmp-1-2', 'urn:dslforum-org:cwmp-1-3')],
  ['UNI-SOAP-005', [post(GPV, REQUEST)]],
  ['UNI-SCHEMA-001', inform('00AABB', 'zz')],
  ['UNI-ARRAY-001', inform('EventStruct[2]', 'EventStruct[3]')],
  ['UNI-ARRAY-002', inform('cwmp:EventStruct[2]', 'xsd:string[2]')],
  ['UNI-ARRAY-002', inform('EventStruct[2]', 'EventStruct[]')],
  ['UNI-TYPE-001', inform(' xsi:type="xsd:string"', '')],
  ['UNI-TYPE-002', inform('<Event ', '<Event xsi:type="soapenc:Array" ')],
  ['UNI-HEADER-001', inform('mustUnderstand="1"', 'mustUnderstand="0"')],
  ['UNI-HEADER-002', header('<cwmp:HoldRequests soapenv:mustUnderstand="1">0</cwmp:HoldRequests>')],
  [
    'UNI-HEADER-003',
    conversation(
      GPV,
      GPV_RESPONSE.replace(
        '</soapenv:Header>',
        '<cwmp:SessionTimeout>30</cwmp:SessionTimeout></soapenv:Header>',
      ),
    ),
  ],
  ['UNI-HEADER-004', header('<cwmp:SessionTimeout>29</cwmp:SessionTimeout>')],
  ['UNI-HEADER-005', header('<cwmp:SupportedCWMPVersions>1.0;1.4</cwmp:SupportedCWMPVersions>')],
  ['UNI-ID-001', conversation(GPV, GPV_RESPONSE.replace('a&amp;b', 'a'))],
  ['UNI-ID-001', conversation(GPV, buildFault({ code: 9002, string: '' }))],
  ['UNI-ID-002', conversation(GPV.replace(/<soapenv:Header>.*<\/soapenv:Header>/, ''), GPV_RESPONSE)],
  ['UNI-ANSWER-001', conversation(GPV, '', EMPTY)],
  ['UNI-ANSWER-001', conversation(GPV, buildResponse('Reboot', {}, { id: 'a&b' }))],
  ['UNI-ANSWER-001', conversation(GPV, buildRequest('GetRPCMethods', {}), REQUEST)],
  ['UNI-INFORM-001', inform('<MaxEnvelopes>1', '<MaxEnvelopes>2')],
  ['UNI-INFORM-002 UNI-SCHEMA-001', inform('2024-01-01T12:00:00+02:00', '1704110400')],
  ['UNI-INFORM-003', inform('+02:00', '')],
  [
    'UNI-INFORM-004',
    inform('Device.DeviceInfo.HardwareVersion', 'Device.ManagementServer.AliasBasedAddressing'),
  ],
  ['UNI-INFORM-009', inform('Device.RootDataModelVersion', 'Device.ManagementServer.AliasBasedAddressing')],
  [
    'UNI-INFORM-004 UNI-INFORM-009',
    [
      post(
        INFORM.replace('Device.RootDataModelVersion', 'Device.ManagementServer.AliasBasedAddressing').replace(
          '</soapenv:Header>',
          '<cwmp:SupportedCWMPVersions>1.0,1.2,1.4</cwmp:SupportedCWMPVersions></soapenv:Header>',
        ),
        REQUEST,
      ),
    ],
  ],
  ['UNI-INFORM-004 UNI-INFORM-005 UNI-INFORM-008', inform(/>Device\./g, '>InternetGatewayDevice.')],
  ['UNI-INFORM-006', parameter('Device.DeviceInfo.SoftwareVersion')],
  ['UNI-INFORM-007 UNI-INFORM-008', parameter('Device.DeviceInfo.')],
  ['UNI-INFORM-008', parameter('Device.DeviceInfo.UpTime')],
  ['UNI-INFORM-008', parameter('Device.ManagementServer.ConnectionRequestPassword')],
  [
    'UNI-INFORM-008 UNI-INFORM-010',
    parameter('Device.ManagementServer.ConnectionRequestPassword', INFORM, 'secret'),
  ],
  ['UNI-EVENT-001', inform(/<Event .*<\/Event>/, '<Event soapenc:arrayType="cwmp:EventStruct[0]"/>')],
  ['UNI-EVENT-002', events('2 Periodic')],
  ['UNI-EVENT-003', events('2 PERIODIC', '2 PERIODIC')],
  ['UNI-EVENT-004', inform('<CommandKey/>', '<CommandKey>key</CommandKey>')],
  ['UNI-EVENT-005 UNI-SCHEMA-001', inform('reboot-1', 'x'.repeat(33))],
  ['UNI-EVENT-006', events('M Reboot', '0 BOOTSTRAP')],
  ['UNI-EVENT-007', events('7 TRANSFER COMPLETE')],
  ['UNI-EVENT-008', events('15 SOMETHING')],
  ['UNI-EVENT-008', events('M Explode')],
  ['UNI-EVENT-009', events('14 HEARTBEAT', '2 PERIODIC')],
  ['UNI-FAULT-001', conversation(SPV, fault(9002).replace(/<detail>.*<\/detail>/, ''))],
  ['UNI-FAULT-001', conversation(SPV, fault(9002).replace(/<(\/?)detail>/g, '<$1soapenv:detail>'))],
  [
    'UNI-FAULT-001',
    conversation(SPV, fault(9002).replace(/<soapenv:Body>(.*)<\/soapenv:Body>/, '<soapenv:Body/>$1')),
  ],
  ['UNI-FAULT-002', conversation(SPV, fault(9002).replace('CWMP fault', 'CWMP Fault'))],
  ['UNI-FAULT-003', conversation(SPV, fault(9002, { soapCode: 'Client' }))],
  ['UNI-FAULT-003', conversation(SPV, fault(9003))],
  ['UNI-FAULT-003', conversation(SPV, fault(9800, { soapCode: 'Sender' }))],
  ['UNI-FAULT-004', conversation(SPV, fault(9009))],
  ['UNI-FAULT-005', conversation(SCHEDULE, fault(9009))],
  ['UNI-FAULT-006', conversation(SPV, fault(9002, { parameters: [9007] }))],
  ['UNI-FAULT-007', conversation(SPV, fault(9003, { soapCode: 'Client', parameters: [9003] }))],
]

/** All entries in one call, each as a session of its own, because every call of xmllint has its price. */
const ENTRIES = [...CONFORMING, ...VIOLATIONS].map(([, exchanges]) => exchanges)
const WHOLE = ENTRIES.flatMap((exchanges, session) => exchanges.map((exchange) => ({ ...exchange, session })))
let result: UniversalResult

beforeAll(async () => {
  result = await checkUniversal(WHOLE)
})

function findingsOf(exchanges: UniversalExchange[]) {
  const session = ENTRIES.indexOf(exchanges)
  return result.findings.filter(({ message }) => WHOLE[message]?.session === session)
}

test.each(CONFORMING)('%s breaks nothing', (_name, exchanges) => {
  expect(findingsOf(exchanges)).toEqual([])
})

test.each(VIOLATIONS)('%s is found, and nothing else', (requirements, exchanges) => {
  const findings = findingsOf(exchanges)

  const found = new Set(findings.map(({ requirement }) => requirement))
  // A fault out of form may break the schema or hide from it.
  if (requirements === 'UNI-FAULT-001') found.delete('UNI-SCHEMA-001')
  expect([...found].sort()).toEqual(requirements.split(' ').sort())
  for (const { requirement, message } of findings) {
    expect(result.checked[requirement]).toBeGreaterThan(0)
    expect(WHOLE[message]?.request.body).toBe(exchanges.at(-1)?.request.body)
  }
})

test('every record is proven by a violation, but the one that needs the official schemas', () => {
  const proven = new Set(VIOLATIONS.flatMap(([requirements]) => requirements.split(' ')))

  const unproven = records.map(({ id }) => id).filter((id) => !proven.has(id))
  expect(unproven).toEqual(['UNI-SCHEMA-002'])
  expect([...proven].filter((id) => !records.some((record) => record.id === id))).toEqual([])
})

test('a message breaks a requirement once, and says where', () => {
  const [exchange] = events('2 Periodic', '1 Boot') as [UniversalExchange]

  const { checked, findings } = checkExchanges([exchange, exchange])

  expect(checked['UNI-EVENT-002']).toBe(2)
  expect(findings).toMatchObject([
    { requirement: 'UNI-EVENT-002', message: 0, expected: '2 PERIODIC', actual: '"2 Periodic"', line: 2 },
    { requirement: 'UNI-EVENT-002', message: 1 },
  ])
})

test('sessions on two connections do not answer for each other', () => {
  const [open, ask, answer] = conversation(GPV, GPV_RESPONSE) as [
    UniversalExchange,
    UniversalExchange,
    UniversalExchange,
  ]

  const { findings } = checkExchanges([
    { ...open, connection: 1 },
    { ...ask, connection: 1 },
    { ...post('', EMPTY), connection: 2 },
    { ...answer, connection: 1 },
  ])

  expect(findings).toEqual([])
})

test('a prefix that stands for the wrong namespace is told by that', () => {
  const old = INFORM.replace('2001/XMLSchema-instance', '1999/XMLSchema-instance').replace(
    '"http://www.w3.org/2001/XMLSchema"',
    '"http://www.w3.org/1999/XMLSchema"',
  )
  const list = buildResponse('GetRPCMethods', { MethodList: ['Reboot'] }, { id: 'a&b' }).replace(
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema"',
    'xmlns:xsd="http://www.w3.org/1999/XMLSchema"',
  )

  const { findings } = checkExchanges([
    post(old, REQUEST),
    ...conversation(buildRequest('GetRPCMethods', {}, { id: 'a&b' }), list),
  ])

  const told = findings.map(({ requirement, actual }) => `${requirement}: ${actual}`)
  expect(told).toContain('UNI-TYPE-001: a type attribute of http://www.w3.org/1999/XMLSchema-instance')
  expect(told).toContain(
    'UNI-ARRAY-002: MethodList has an arrayType of xsd:string (http://www.w3.org/1999/XMLSchema), not xsd:string',
  )
})
