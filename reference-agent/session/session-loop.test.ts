import { describe, expect, test } from 'vitest'
import { Log, SystemClock, systemRandom } from '../platform/platform.ts'
import { buildEnvelope, CwmpFault, type CwmpVersion, namespaceOf, parseEnvelope } from '../soap/soap.ts'
import { testDialer } from '../transport/test-dialer.ts'
import {
  Authenticator,
  Compression,
  CookieJar,
  HttpConnection,
  type HttpRequest,
  redirectTarget,
  Transport,
  TransportError,
} from '../transport/transport.ts'
import { type CpeRequest, Session, type SessionContext, type SessionOutcome } from './session-loop.ts'

/** One answer of the ACS: an envelope, an HTTP status without content, or what goes wrong. A function sees what the CPE has sent. */
type Answer = string | number | Error | ((sent: string) => string)

interface Played {
  outcome: SessionOutcome
  /** What each POST carried: the name of the element in the Body, or '' for an empty one. */
  posts: string[]
  requests: HttpRequest[]
  informed: number
}

/** Runs a session against an ACS that gives these answers, and 204 after the last of them. */
async function play(answers: readonly Answer[], changes: Partial<SessionContext> = {}): Promise<Played> {
  const played: Omit<Played, 'outcome'> = { posts: [], requests: [], informed: 0 }
  const waiting = [...answers]
  const clock = new SystemClock()
  const log = new Log('EMERG', () => {})
  const session = new Session({
    transport: new Transport({
      url: new URL('http://acs.example.com/'),
      connection: new HttpConnection({
        clock,
        dialer: testDialer(),
        responseTimeout: 1000,
        maximumBody: 1000,
      }),
      exchange: async (request) => {
        const sent = request.body.toString()
        played.requests.push(request)
        played.posts.push(/<soap-env:Body><([\w:-]+)/.exec(sent)?.[1]?.replace('cwmp:', '') ?? '')
        const answer = waiting.shift() ?? 204
        if (answer instanceof Error) throw answer
        if (typeof answer === 'number') return { status: answer, headers: {}, body: Buffer.alloc(0) }
        const text = typeof answer === 'string' ? answer : answer(sent)
        return { status: 200, headers: {}, body: Buffer.from(text) }
      },
      cookies: new CookieJar(clock),
      authenticator: new Authenticator({ username: '', password: '' }, systemRandom),
      compression: new Compression(() => 'Disabled'),
      redirectTarget,
      maximumBody: 1_000_000,
      log,
    }),
    inform: '<cwmp:Inform/>',
    informed: () => played.informed++,
    requests: [],
    perform: ({ method }) => `<cwmp:${method}Response/>`,
    parseEnvelope,
    buildEnvelope,
    sessionTimeout: 30,
    random: systemRandom,
    log,
    ...changes,
  })
  const outcome = await session.run()
  return { outcome, ...played }
}

const idOf = (sent: string) => /<cwmp:ID[^>]*>([^<]*)</.exec(sent)?.[1]

/** An envelope of the ACS around a Body. */
function envelope(body: string, { id, headers = '', version = '1.4' }: EnvelopeChanges = {}): string {
  const inner = buildEnvelope(body, { version, id })
  if (headers === '') return inner
  return id === undefined
    ? inner.replace('<soap-env:Body>', `<soap-env:Header>${headers}</soap-env:Header><soap-env:Body>`)
    : inner.replace('</soap-env:Header>', `${headers}</soap-env:Header>`)
}

interface EnvelopeChanges {
  id?: string | undefined
  headers?: string
  version?: CwmpVersion
}

const answerTo =
  (body: string, changes: EnvelopeChanges = {}) =>
  (sent: string) =>
    envelope(body, { id: idOf(sent), ...changes })

const informResponse = answerTo('<cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse>')
const fault = (code: number) =>
  answerTo(
    `<soap-env:Fault><faultcode>Server</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault><FaultCode>${code}</FaultCode><FaultString>x</FaultString></cwmp:Fault></detail></soap-env:Fault>`,
  )
const request = (method: string, changes: EnvelopeChanges = { id: '7' }) =>
  envelope(`<cwmp:${method}/>`, changes)
const hold = '<cwmp:HoldRequests soap-env:mustUnderstand="1">1</cwmp:HoldRequests>'

const call = (method: string, changes: Partial<CpeRequest> = {}): CpeRequest => ({
  method,
  body: `<cwmp:${method}/>`,
  ...changes,
})

describe('initiation', () => {
  test('the Inform comes first, then the empty POST; an empty response ends the session', async () => {
    const { outcome, posts, informed } = await play([informResponse])

    expect(posts).toEqual(['Inform', ''])
    expect(outcome).toEqual({ successful: true })
    expect(informed).toBe(1)
  })

  test('the Inform offers all versions and tells how long the CPE waits', async () => {
    const { requests } = await play([informResponse])

    const inform = requests[0]?.body.toString() ?? ''
    expect(inform).toContain('>1.0,1.1,1.2,1.3,1.4</cwmp:SupportedCWMPVersions>')
    expect(inform).toContain('<cwmp:SessionTimeout soap-env:mustUnderstand="0">30</cwmp:SessionTimeout>')
    expect(inform).toMatch(/<cwmp:ID soap-env:mustUnderstand="1">[^<]+</)
  })

  test('200 without content is as empty as 204', async () => {
    const { outcome, posts } = await play([informResponse, 200])

    expect(posts).toEqual(['Inform', ''])
    expect(outcome.successful).toBe(true)
  })

  test.each<[string, Answer]>([
    ['an empty response', 204],
    ['status 500', 500],
    ['status 404', 404],
    ['status 401', 401],
    ['status 202', 202],
    ['a fault', fault(8001)],
    ['fault 8006', fault(8006)],
    ['no response', new TransportError('no HTTP response within 30 s')],
    ['what is no XML', '<html><br></html>'],
    ['what is no SOAP', '<html/>'],
    ['a document type', `<!DOCTYPE x>${envelope('<cwmp:InformResponse/>')}`],
    ['two elements in the Body', envelope('<cwmp:InformResponse/><cwmp:InformResponse/>')],
    ['a request', request('GetRPCMethods')],
    ['the response to something else', answerTo('<cwmp:GetRPCMethodsResponse/>')],
    ['an InformResponse to another Inform', envelope('<cwmp:InformResponse/>', { id: 'other' })],
    [
      'a plain SOAP fault',
      answerTo('<soap-env:Fault><faultcode>soap-env:Server</faultcode></soap-env:Fault>'),
    ],
    [
      'a header that nobody understands',
      answerTo('<cwmp:InformResponse/>', { headers: '<x:y xmlns:x="urn:x" soap-env:mustUnderstand="1"/>' }),
    ],
  ])('%s to the Inform makes the session unsuccessful, and ends it', async (_name, answer) => {
    const { outcome, posts, informed } = await play([answer])

    expect(outcome.successful).toBe(false)
    expect(posts).toEqual(['Inform'])
    expect(informed).toBe(0)
  })

  test('fault 8005 asks for the same Inform again, HoldRequests or not', async () => {
    const { outcome, posts, requests } = await play([
      fault(8005),
      (sent) => fault(8005)(sent).replace('</soap-env:Header>', `${hold}</soap-env:Header>`),
      informResponse,
    ])

    expect(posts).toEqual(['Inform', 'Inform', 'Inform', ''])
    expect(requests[1]?.body).toEqual(requests[0]?.body)
    expect(requests[2]?.body).toEqual(requests[0]?.body)
    expect(outcome.successful).toBe(true)
  })

  test('an ACS that never has enough of repeating does not get it for ever', async () => {
    const { outcome, posts } = await play(Array.from({ length: 1000 }, () => fault(8005)))

    expect(outcome.successful).toBe(false)
    expect(posts.length).toBeLessThan(200)
  })

  test('an InformResponse without cwmp:ID is taken', async () => {
    const { outcome } = await play([envelope('<cwmp:InformResponse/>')])

    expect(outcome.successful).toBe(true)
  })

  test('an InformResponse with white space around its cwmp:ID is taken', async () => {
    const { outcome } = await play([
      (sent) => envelope('<cwmp:InformResponse/>', { id: `\n  ${idOf(sent)}\n  ` }),
    ])

    expect(outcome).toEqual({ successful: true })
  })
})

describe('version', () => {
  const use = (version: string) =>
    answerTo('<cwmp:InformResponse/>', {
      headers: `<cwmp:UseCWMPVersion soap-env:mustUnderstand="1">${version}</cwmp:UseCWMPVersion>`,
    })

  test.each<[string, Answer, CwmpVersion]>([
    ['UseCWMPVersion 1.0', use('1.0'), '1.0'],
    ['UseCWMPVersion 1.1', use('1.1'), '1.1'],
    ['UseCWMPVersion 1.2', use('1.2'), '1.2'],
    ['UseCWMPVersion 1.3', use('1.3'), '1.3'],
    ['UseCWMPVersion 1.4', use('1.4'), '1.4'],
    ['the namespace of 1.0', answerTo('<cwmp:InformResponse/>', { version: '1.0' }), '1.0'],
    ['the namespace of 1.1', answerTo('<cwmp:InformResponse/>', { version: '1.1' }), '1.1'],
    ['the namespace of 1.2 and later', answerTo('<cwmp:InformResponse/>', { version: '1.2' }), '1.2'],
  ])('%s settles the session', async (_name, answer, version) => {
    const versions: CwmpVersion[] = []

    const { requests } = await play([answer, request('GetRPCMethods')], {
      perform: (_request, used) => {
        versions.push(used)
        return '<cwmp:GetRPCMethodsResponse/>'
      },
    })

    expect(versions).toEqual([version])
    expect(requests[2]?.body.toString()).toContain(`xmlns:cwmp="${namespaceOf(version)}"`)
  })

  test.each<[string, Answer]>([
    ['one that was not offered', use('1.9')],
    [
      'one that there never was',
      (sent) =>
        answerTo('<cwmp:InformResponse/>')(sent).replaceAll(
          'urn:dslforum-org:cwmp-1-2',
          'urn:dslforum-org:cwmp-9-9',
        ),
    ],
  ])('%s ends the session', async (_name, answer) => {
    expect((await play([answer])).outcome.successful).toBe(false)
  })
})

describe('requests of the ACS', () => {
  test('are answered one by one until an empty response ends the session', async () => {
    const { outcome, posts } = await play([informResponse, request('GetRPCMethods'), request('Reboot')])

    expect(posts).toEqual(['Inform', '', 'GetRPCMethodsResponse', 'RebootResponse'])
    expect(outcome.successful).toBe(true)
  })

  test('get their cwmp:ID back, and none when they had none', async () => {
    const { requests } = await play([
      informResponse,
      request('GetRPCMethods', { id: 'ünicode & <more>' }),
      request('GetRPCMethods', {}),
      request('GetRPCMethods', { id: '' }),
    ])

    const ids = requests.slice(2).map(({ body }) => parseEnvelope(body).id)
    expect(ids).toEqual(['ünicode & <more>', undefined, ''])
  })

  test('have answers with an empty SOAPAction; what the CPE asks names its method; the empty POST has none', async () => {
    const { requests } = await play([informResponse, request('GetRPCMethods')])

    const actions = requests.map(({ headers }) => headers.find(([name]) => name === 'SOAPAction')?.[1])
    expect(actions).toEqual(['"Inform"', undefined, ''])
  })

  test('that cannot be carried out are answered with a fault, and the session goes on', async () => {
    const { outcome, posts, requests } = await play(
      [informResponse, request('X'), request('Y', { id: 'y' })],
      {
        perform: ({ method }) => {
          if (method === 'X') throw new CwmpFault(9000)
          throw new TypeError('a bug')
        },
      },
    )

    expect(posts).toEqual(['Inform', '', 'soap-env:Fault', 'soap-env:Fault'])
    expect(requests.slice(2).map(({ body }) => parseEnvelope(body).fault?.faultCode)).toEqual([9000, 9002])
    expect(parseEnvelope(requests[3]?.body ?? '').id).toBe('y')
    expect(outcome.successful).toBe(true)
  })

  test('with a header that must be understood and is not get a SOAP fault, and the session goes on', async () => {
    const { outcome, requests } = await play([
      informResponse,
      request('GetRPCMethods', { id: 'h', headers: '<x:y xmlns:x="urn:x" soap-env:mustUnderstand="1"/>' }),
      request('GetRPCMethods'),
    ])

    const answer = parseEnvelope(requests[2]?.body ?? '')
    expect([answer.fault?.soapFaultCode, answer.fault?.faultCode, answer.id]).toEqual([
      'MustUnderstand',
      0,
      'h',
    ])
    expect(outcome.successful).toBe(true)
  })

  test.each<[string, Answer]>([
    ['broken XML', '<a>'],
    ['a response to nothing', envelope('<cwmp:GetRPCMethodsResponse/>')],
    ['a fault to nothing', fault(8001)],
    ['status 503', 503],
    ['silence', new TransportError('no HTTP response within 30 s')],
  ])('%s in their place makes the session unsuccessful', async (_name, answer) => {
    const { outcome, posts } = await play([informResponse, request('GetRPCMethods'), answer])

    expect(outcome.successful).toBe(false)
    expect(posts).toHaveLength(3)
  })
})

describe('requests of the CPE', () => {
  const response = (method: string) => answerTo(`<cwmp:${method}Response/>`)

  test('come after the InformResponse and before the empty POST, in their order', async () => {
    const answered: string[] = []
    const requests = ['GetRPCMethods', 'TransferComplete'].map((method) =>
      call(method, { answered: ({ method: name }) => answered.push(name) }),
    )

    const { posts, outcome } = await play(
      [informResponse, response('GetRPCMethods'), response('TransferComplete')],
      { requests },
    )

    expect(posts).toEqual(['Inform', 'GetRPCMethods', 'TransferComplete', ''])
    expect(answered).toEqual(['GetRPCMethods', 'TransferComplete'])
    expect(requests).toEqual([])
    expect(outcome.successful).toBe(true)
  })

  test('have ids of their own', async () => {
    const { requests } = await play([informResponse, response('A'), response('B')], {
      requests: [call('A'), call('B')],
    })

    const ids = requests.slice(0, 3).map(({ body }) => idOf(body.toString()))
    expect(new Set(ids).size).toBe(3)
  })

  test('wait while HoldRequests is true, and an empty POST goes instead', async () => {
    const held = answerTo('<cwmp:InformResponse/>', { headers: hold })

    const { posts, outcome } = await play(
      [held, request('GetRPCMethods', { id: '1', headers: hold }), 204, response('A')],
      {
        requests: [call('A')],
      },
    )

    expect(posts).toEqual(['Inform', '', 'GetRPCMethodsResponse', 'A', ''])
    expect(outcome.successful).toBe(true)
  })

  test('may come as soon as a message of the ACS no longer holds them', async () => {
    const held = answerTo('<cwmp:InformResponse/>', { headers: hold })

    const { posts } = await play(
      [held, request('Reboot', { headers: hold }), request('Reboot'), 204, response('A')],
      { requests: [call('A')] },
    )

    expect(posts).toEqual(['Inform', '', 'RebootResponse', 'RebootResponse', 'A', ''])
  })

  test('an empty POST that was held back does not end the session', async () => {
    const held = answerTo('<cwmp:InformResponse/>', { headers: hold })

    const { posts, outcome } = await play([held, 204])

    expect(posts).toEqual(['Inform', '', ''])
    expect(outcome.successful).toBe(true)
  })

  test('are over once an empty POST was sent while nothing held them', async () => {
    const requests: CpeRequest[] = []

    const { posts } = await play([informResponse, request('Reboot')], {
      requests,
      perform: () => {
        requests.push(call('TooLate'))
        return '<cwmp:RebootResponse/>'
      },
    })

    expect(posts).toEqual(['Inform', '', 'RebootResponse'])
    expect(requests).toHaveLength(1)
  })

  test('are sent again, the same message, for fault 8005', async () => {
    const { posts, requests } = await play([informResponse, fault(8005), response('A')], {
      requests: [call('A')],
    })

    expect(posts).toEqual(['Inform', 'A', 'A', ''])
    expect(requests[2]?.body).toEqual(requests[1]?.body)
  })

  test('are sent again for fault 8005 only when nothing holds them', async () => {
    const heldFault = (sent: string) =>
      fault(8005)(sent).replace('</soap-env:Header>', `${hold}</soap-env:Header>`)

    const { posts } = await play([informResponse, heldFault, 204, response('A')], { requests: [call('A')] })

    expect(posts).toEqual(['Inform', 'A', '', 'A', ''])
  })

  test('are given up for any other fault, and the session goes on', async () => {
    const faults: number[] = []
    const requests = [call('A', { faulted: ({ faultCode }) => faults.push(faultCode) }), call('B')]

    const { posts, outcome } = await play([informResponse, fault(8002), response('B')], { requests })

    expect(posts).toEqual(['Inform', 'A', 'B', ''])
    expect(faults).toEqual([8002])
    expect(requests).toEqual([])
    expect(outcome.successful).toBe(true)
  })

  test.each<[string, Answer]>([
    ['an empty response', 204],
    ['a request', request('Reboot')],
    ['another response', response('B')],
    [
      'a plain SOAP fault',
      answerTo('<soap-env:Fault><faultcode>soap-env:Server</faultcode></soap-env:Fault>'),
    ],
  ])('that get %s make the session unsuccessful, and wait for the next one', async (_name, answer) => {
    const requests = [call('A')]

    const { outcome } = await play([informResponse, answer], { requests })

    expect(outcome.successful).toBe(false)
    expect(requests).toHaveLength(1)
  })
})

describe('an agent of an older edition', () => {
  const informedBy = async (versions: CwmpVersion[], answered: CwmpVersion) => {
    const answer = (sent: string) => envelope('<cwmp:InformResponse/>', { id: idOf(sent), version: answered })
    const { outcome, requests } = await play([answer], { versions })
    return { outcome, inform: requests[0]?.body.toString() ?? '' }
  }

  test('of 1.0 writes in that namespace, with none of the headers that came later', async () => {
    const { outcome, inform } = await informedBy(['1.0'], '1.0')

    expect(outcome.successful).toBe(true)
    expect(inform).toContain(namespaceOf('1.0'))
    expect(inform).not.toMatch(/SessionTimeout|SupportedCWMPVersions/)
  })

  test('of 1.3 announces its patience and nothing of versions', async () => {
    const { inform } = await informedBy(['1.0', '1.1', '1.2', '1.3'], '1.2')

    expect(inform).toContain('SessionTimeout')
    expect(inform).not.toContain('SupportedCWMPVersions')
  })

  test('does not speak with an ACS that wants more', async () => {
    const { outcome } = await informedBy(['1.0', '1.1'], '1.4')

    expect(outcome).toMatchObject({ successful: false, reason: expect.stringContaining('wants CWMP') })
  })
})
