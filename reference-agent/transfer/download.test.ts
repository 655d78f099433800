import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { getParameterValues, setParameterValues, valuesOf } from '../tiny-acs.ts'
import type { ScriptedAnswer } from '../transport/scripted-server.ts'
import { membersOf, TransferBench } from './test-agent.ts'

const PROVISIONING_CODE = 'Device.DeviceInfo.ProvisioningCode'
const CONFIGURATION = "config cpe 'cpe'\n\toption provisioning_code 'from a file'\n"

let bench: TransferBench
let answer: (path: string) => ScriptedAnswer | Promise<ScriptedAnswer>

beforeEach(async () => {
  answer = () => ({ body: CONFIGURATION })
  bench = await TransferBench.open((path) => answer(path))
})

afterEach(() => bench.close())

/** Events without those of the first boot. */
const later = (events: string[]) => events.filter((each) => !/^[01] |^4 /.test(each))

describe('Download', () => {
  test('promises, fetches after the session, and reports with CommandKey and times', async () => {
    bench.acs.plan = [
      bench.download({ commandKey: 'a<b'.replace('<', '&lt;') }),
      getParameterValues(PROVISIONING_CODE),
    ]

    await bench.start()
    const ordered = await bench.acs.next()
    const reported = await bench.acs.next()

    const [response, values] = ordered.answers
    expect(membersOf(response)).toEqual({
      Status: '1',
      StartTime: '0001-01-01T00:00:00Z',
      CompleteTime: '0001-01-01T00:00:00Z',
    })
    expect(valuesOf(values)).toEqual({ [PROVISIONING_CODE]: '' })
    expect(reported.events).toEqual(['7 TRANSFER COMPLETE', 'M Download(a<b)', '4 VALUE CHANGE'])
    expect(reported.parameters.get(PROVISIONING_CODE)).toBe('from a file')
    expect(reported.calls).toEqual(['TransferComplete'])
    const { StartTime, CompleteTime, ...rest } = membersOf(reported.called[0])
    expect(rest).toEqual({ CommandKey: 'a<b', FaultCode: '0', FaultString: '' })
    expect(StartTime).toMatch(/^20\d\d-.*Z$/)
    expect(Date.parse(CompleteTime ?? '')).toBeGreaterThanOrEqual(Date.parse(StartTime ?? ''))
  })

  test('reports a file that is no text in words that XML can hold', async () => {
    answer = () => ({ body: '\u0001\u0000\ufffe x\n' })
    bench.acs.plan = [bench.download()]
    await bench.start()
    await bench.acs.next()

    const reported = await bench.acs.next()

    expect(reported.calls).toEqual(['TransferComplete'])
    expect(membersOf(reported.called[0]).FaultCode).not.toBe('0')
  })

  test('is reported once', async () => {
    bench.acs.plan = [bench.download()]
    await bench.start()
    await bench.acs.next()
    await bench.acs.next()

    await bench.start()

    expect(await bench.acs.next()).toMatchObject({ events: ['1 BOOT'], calls: [] })
    expect(bench.requests).toEqual(['GET /file'])
  })

  test('keeps a file in its place, whatever name the ACS has for it', async () => {
    answer = () => ({ body: '<html>' })
    bench.acs.plan = [bench.download({ fileType: '2 Web Content', targetFileName: '../../etc/passwd' })]

    await bench.start()
    await bench.acs.next()
    await bench.acs.next()

    const stored = join(bench.directory, 'files', '2-Web-Content', '%2E%2F..%2Fetc%2Fpasswd')
    expect(readFileSync(stored, 'utf8')).toBe('<html>')
  })

  test.each([
    ['a missing file', () => ({ status: 404 }), '9016'],
    ['a forbidden file', () => ({ status: 403 }), '9016'],
    ['a server in trouble', () => ({ status: 500 }), '9010'],
    ['no UCI', () => ({ body: "config 'open" }), '9018'],
    [
      'a value that the data model refuses',
      () => ({ body: `config cpe\n option provisioning_code '${'x'.repeat(65)}'` }),
      '9018',
    ],
    [
      'a server that wants credentials',
      () => ({ status: 401, headers: { 'WWW-Authenticate': 'Basic realm="x"' } }),
      '9012',
    ],
  ])('reports %s', async (_name, response, code) => {
    answer = response
    bench.acs.plan = [bench.download({ username: 'u', password: 'secret' })]

    await bench.start()
    await bench.acs.next()
    const { events, called } = await bench.acs.next()

    expect(later(events)).toEqual(['7 TRANSFER COMPLETE', 'M Download(key)'])
    expect(membersOf(called[0])).toMatchObject({ CommandKey: 'key', FaultCode: code })
  })

  test('reports a server that is not there', async () => {
    bench.acs.plan = [bench.download({ url: 'http://127.0.0.1:1/file' })]

    await bench.start()
    await bench.acs.next()

    expect(membersOf((await bench.acs.next()).called[0])).toMatchObject({ FaultCode: '9015' })
  })

  test.each([
    [{ fileType: '9 Nothing' }, '9003'],
    [{ fileType: 'X 00D09E Thing' }, '9003'],
    [{ url: 'http://user:pw@host/' }, '9003'],
    [{ url: '' }, '9003'],
    [{ url: 'tftp://host/file' }, '9013'],
    [{ fileSize: 4_294_967_295 }, '9010'],
    [{ commandKey: 'k'.repeat(33) }, '9003'],
    [{ targetFileName: 'k'.repeat(257) }, '9003'],
  ])('refuses %j with %s', async (order, code) => {
    bench.acs.plan = [bench.download(order)]

    await bench.start()

    const { answers } = await bench.acs.next()
    expect(answers[0]?.name).toBe('Fault')
    expect(membersOf(answers[0]).FaultCode).toBe(code)
  })

  test('has room for ten', async () => {
    bench.acs.plan = Array.from({ length: 11 }, () => bench.download({ delaySeconds: 1000 }))

    await bench.start()

    const { answers } = await bench.acs.next()
    expect(answers.slice(0, 10).map(({ name }) => name)).toEqual(Array(10).fill('DownloadResponse'))
    expect(membersOf(answers[10]).FaultCode).toBe('9004')
  })

  test('waits as long as it was told', async () => {
    bench.acs.plan = [bench.download({ delaySeconds: 100 })]

    const began = Date.now()
    await bench.start({ clockRate: 1000 })
    await bench.acs.next()
    const { called } = await bench.acs.next()

    expect(Date.now() - began).toBeGreaterThanOrEqual(100)
    expect(membersOf(called[0]).FaultCode).toBe('0')
  })
})

describe('the report', () => {
  test('is repeated when the session fails before the answer', async () => {
    bench.acs.answerTo = (method) => (method === 'TransferComplete' ? 'cut' : undefined)
    bench.acs.plan = [bench.download({ commandKey: 'one' }), bench.download({ commandKey: 'two' })]
    await bench.start({ clockRate: 100 })
    await bench.acs.next()
    const first = await bench.acs.next()

    bench.acs.answerTo = () => undefined
    const second = await bench.acs.next()

    expect(first.calls).toEqual(['TransferComplete'])
    expect(second.calls).toHaveLength(second.events.filter((each) => each.startsWith('M Download')).length)
    expect(second.events).toContain('7 TRANSFER COMPLETE')
  })

  test('is repeated over a power cut between the InformResponse and the answer', async () => {
    bench.acs.answerTo = (method) => (method === 'TransferComplete' ? 'cut' : undefined)
    bench.acs.plan = [bench.download()]
    await bench.start()
    await bench.acs.next()
    await bench.acs.next()

    bench.acs.answerTo = () => undefined
    await bench.start()

    const repeated = await bench.acs.next()
    expect(repeated.events.toSorted()).toEqual(['1 BOOT', '7 TRANSFER COMPLETE', 'M Download(key)'])
    expect(repeated.calls).toEqual(['TransferComplete'])
  })

  test('is repeated with its events after a fault of the ACS', async () => {
    const fault =
      '<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="urn:dslforum-org:cwmp-1-2"><soap-env:Body>' +
      '<soap-env:Fault><faultcode>Server</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault><FaultCode>8002</FaultCode>' +
      '<FaultString>no</FaultString></cwmp:Fault></detail></soap-env:Fault></soap-env:Body></soap-env:Envelope>'
    bench.acs.answerTo = (method) => (method === 'TransferComplete' ? { body: fault } : undefined)
    bench.acs.plan = [bench.download()]
    await bench.start({ clockRate: 100 })
    await bench.acs.next()
    await bench.acs.next()

    bench.acs.answerTo = () => undefined
    const repeated = await bench.acs.next()

    expect(repeated.events).toEqual(['7 TRANSFER COMPLETE', 'M Download(key)'])
    expect(repeated.calls).toEqual(['TransferComplete'])
  })

  test('carries what was ordered before a power cut', async () => {
    let release = () => {}
    answer = () =>
      new Promise((resolve) => {
        release = () => resolve({ body: CONFIGURATION })
      })
    bench.acs.plan = [bench.download()]
    await bench.start()
    await bench.acs.next()
    while (bench.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))

    answer = () => ({ body: CONFIGURATION })
    await bench.start()
    release()

    let session = await bench.acs.next()
    if (!session.events.includes('7 TRANSFER COMPLETE')) session = await bench.acs.next()
    expect(session.calls).toEqual(['TransferComplete'])
    expect(bench.requests).toEqual(['GET /file', 'GET /file'])
  })
})

test('settings of the ACS stay what they are', async () => {
  bench.acs.plan = [setParameterValues({ [PROVISIONING_CODE]: 'acs' }, 'parameter key'), bench.download()]
  answer = () => ({ status: 404 })
  await bench.start()
  await bench.acs.next()

  const { parameters } = await bench.acs.next()

  expect(parameters.get(PROVISIONING_CODE)).toBe('acs')
  expect(parameters.get('Device.ManagementServer.ParameterKey')).toBe('parameter key')
})
