import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { defaultParts } from './agent.ts'
import { AgentBench, connectionRequest, idle, MANAGEMENT, PROVISIONING_CODE } from './agent-bench.ts'
import { childNamed, type XmlElement } from './soap/soap.ts'
import { getParameterValues, setParameterValues, valuesOf } from './tiny-acs.ts'

const bench = AgentBench.forEachTest()

describe('DHCP', () => {
  const handOver = (path: string) => {
    const url = Buffer.from(bench.acs.url(path))
    return { 43: Buffer.concat([Buffer.from([1, url.length]), url]).toString('hex') }
  }
  const asMembers = (options: Record<string, string>) => ({
    text: () => '',
    optional: () => undefined,
    texts: () => options,
  })

  test('names the ACS of a device that knows none, from its first boot on', async () => {
    await bench.start({ acsUrl: '', dhcpOptions: handOver('/dhcp') })

    expect(await bench.acs.next()).toMatchObject({ path: '/dhcp', events: ['0 BOOTSTRAP', '1 BOOT'] })
  })

  test('is a command; what every object of the language knows is none', async () => {
    const agent = await bench.started()

    expect(await agent.featureCommand('constructor', asMembers({}))).toBeUndefined()
    expect(await agent.featureCommand('toString', asMembers({}))).toBeUndefined()
  })

  test('names another ACS at any time, but not against the will of an ACS before a factory reset', async () => {
    const agent = await bench.started()
    await agent.featureCommand('dhcp', asMembers(handOver('/dhcp')))
    expect(await bench.acs.next()).toMatchObject({ path: '/dhcp', events: ['0 BOOTSTRAP'] })
    bench.acs.plan = [setParameterValues({ [`${MANAGEMENT}URL`]: bench.acs.url('/acs-set') })]
    await connectionRequest(agent)
    await bench.acs.next()
    expect(await bench.acs.next()).toMatchObject({ path: '/acs-set', events: ['0 BOOTSTRAP'] })

    await agent.featureCommand('dhcp', asMembers(handOver('/dhcp')))
    await agent.reboot()
    expect(await bench.acs.next()).toMatchObject({ path: '/acs-set', events: ['1 BOOT'] })
    await idle(agent)
    await agent.factoryReset()
    await bench.acs.next()
    await agent.featureCommand('dhcp', asMembers(handOver('/dhcp')))

    expect(await bench.acs.next()).toMatchObject({ path: '/dhcp', events: ['0 BOOTSTRAP'] })
  })
})

test('compression that the ACS sets begins with the next message', async () => {
  const parts = defaultParts()
  const { exchange } = parts
  const codings: (string | undefined)[] = []
  parts.exchange = (request, connection) => {
    codings.push(new Map(request.headers).get('Content-Encoding'))
    return exchange(
      {
        ...request,
        headers: request.headers.filter(([name]) => name !== 'Content-Encoding'),
        body: request.body.length > 0 && codings.at(-1) ? gunzipSync(request.body) : request.body,
      },
      connection,
    )
  }
  const agent = await bench.started({}, parts)
  bench.acs.plan = [setParameterValues({ [`${MANAGEMENT}HTTPCompression`]: 'GZIP' })]
  codings.length = 0
  await connectionRequest(agent)
  expect((await bench.acs.next()).answers.map(({ name }) => name)).toEqual(['SetParameterValuesResponse'])

  expect(codings).toEqual([undefined, undefined, 'gzip'])
})

test('a device that does not know the time says so, until it is told', async () => {
  const agent = await bench.started({ initialTime: 'unknown' })
  bench.acs.plan = [getParameterValues('Device.Time.CurrentLocalTime')]
  await connectionRequest(agent)
  expect(Object.values(valuesOf((await bench.acs.next()).answers[0]))[0]).toMatch(/^0001-01-01T00:00:\d\dZ$/)

  await agent.setClock(Date.parse('2030-01-02T12:00:00Z'))
  bench.acs.plan = [getParameterValues('Device.Time.CurrentLocalTime')]
  await connectionRequest(agent)

  expect(Object.values(valuesOf((await bench.acs.next()).answers[0]))[0]).toMatch(/^2030-01-02T/)
})

describe('habits that the configuration gives', () => {
  const methodsOf = (answer: XmlElement | undefined) =>
    (answer && childNamed(answer, 'MethodList'))?.children.map(({ text }) => text) ?? []
  const cancel = '<cwmp:CancelTransfer><CommandKey>key</CommandKey></cwmp:CancelTransfer>'

  test.each([
    [2, '1.1', 'Fault'],
    [3, '1.2', 'CancelTransferResponse'],
  ] as const)('an agent of Amendment %i has the methods of CWMP %s', async (amendment, version, answered) => {
    bench.acs.version = version
    bench.acs.plan = ['<cwmp:GetRPCMethods/>', cancel]
    await bench.start({ amendment })

    const { answers } = await bench.acs.next()

    expect(methodsOf(answers[0]).includes('CancelTransfer')).toBe(amendment >= 3)
    expect(methodsOf(answers[0])).toContain('GetAllQueuedTransfers')
    expect(answers[1]?.name).toBe(answered)
  })

  test.each([
    [true, 'SetParameterValuesResponse'],
    [false, 'Fault'],
  ])('xsi:type counts unless it is switched off: %j', async (anyXsiType, answered) => {
    bench.acs.plan = [
      setParameterValues({ [PROVISIONING_CODE]: 'new' }).replace('<Value>', '<Value xsi:type="xsd:int">'),
    ]
    await bench.start({ anyXsiType })

    expect((await bench.acs.next()).answers[0]?.name).toBe(answered)
  })
})
