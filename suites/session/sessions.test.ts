import { setTimeout } from 'node:timers/promises'
import type { AcsSession, Exchange } from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent, expect, granted, test } from '../../harness/conformance.ts'
import { interval, setPeriod } from '../../harness/testbed/periodic-informs.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

/** So many milliseconds nothing may come that must not come: a part of the time that the device may take for an answer. */
function quietMs({ profile }: Pick<TestBed, 'profile'>): number {
  return profile.pixit.timing.responseSeconds * 70
}

test('SES-START-001 sends nothing before the answer to its Inform', {
  meta: { id: 'SES-START-001' },
}, async ({ acs, cpe, signal }) => {
  const session = await cpe.openSession(signal, { inform: 'later' })

  await nothingComes(
    acs.nextExchange({ timeoutMs: quietMs(cpe), signal }),
    'nothing before the InformResponse',
  )

  session.answerInform()
  await session.end()
})

test('SES-START-002 waits for an InformResponse that takes seconds', {
  meta: { id: 'SES-START-002' },
}, async ({ acs, cpe, signal, pixit }) => {
  const session = await cpe.openSession(signal, { inform: 'later' })
  await nothingComes(acs.nextExchange({ timeoutMs: 4000, signal }), 'a device that waits for the answer')

  session.answerInform()

  const answer = granted(
    await session.call('GetParameterValues', { ParameterNames: [pixit.parameters.readOnly.path] }),
  )
  expect(answer.ParameterList).toHaveLength(1)
})

test('SES-START-003 sends an empty POST when it has no request of its own', {
  meta: { id: 'SES-START-003' },
}, async ({ session }) => {
  await session.end()

  const [last] = session.exchanges.slice(-1) as [Exchange]
  expect(last.method, 'method of what the device sent last').toBe('POST')
  expect(last.body.length, 'octets in the body of what the device sent last').toBe(0)
})

test('SES-START-004 asks nothing of its own after the empty POST', {
  meta: { id: 'SES-START-004' },
}, async ({ cpe, session, pixit, signal }) => {
  const { path } = pixit.parameters.readOnly
  granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  const asked = session.cpeRequests.length

  granted(await session.call('GetParameterNames', { ParameterPath: path, NextLevel: false }))
  granted(await session.call('GetParameterValues', { ParameterNames: [path] }))

  expect(session.cpeRequests.length - asked, 'requests of the device after its empty POST').toBe(0)
  await session.end()
  await nothingFollows(cpe, signal, 'no request after the empty POST')
})

test('SES-ONE-001 opens no second session while one is open', {
  meta: { id: 'SES-ONE-001' },
}, async ({ acs, cpe, session, restore, signal }) => {
  restore(() => cpe.enrol())
  await setPeriod(cpe, session, { enable: true, interval })
  const periodMs = (interval * 1000) / cpe.profile.pixit.clockRate

  await nothingComes(
    acs.nextExchange({ timeoutMs: periodMs + quietMs(cpe), signal }),
    'no other session while this one waits for the ACS',
  )

  await session.end()
})

test('SES-END-001 ends the session when the ACS answers 204', {
  meta: { id: 'SES-END-001' },
}, async ({ cpe, session, signal }) => {
  await session.end()

  await nothingFollows(cpe, signal, 'nothing after the end of the session')
})

test('SES-END-002 ends the session when the ACS answers 200 with an empty body', {
  meta: { id: 'SES-END-002' },
}, async ({ cpe, session, signal }) => {
  await session.end({ status: 200 })

  await nothingFollows(cpe, signal, 'nothing after the end of the session')
})

test('SES-END-003 takes a session that ended with an empty 200 as successful', {
  meta: { id: 'SES-END-003' },
}, async ({ cpe, session, signal }) => {
  await session.end({ status: 200 })

  const next = await cpe.openSession(signal)

  expect(next.inform.RetryCount, 'RetryCount').toBe(0)
})

test('SES-LONG-001 answers a thousand requests in one session, each with its own answer', {
  meta: { id: 'SES-LONG-001' },
}, async ({ session, pixit, root }) => {
  const paths = [pixit.parameters.readOnly.path, `${root}DeviceInfo.SoftwareVersion`]

  for (let asked = 0; asked < 1000; asked++) {
    const path = paths[asked % 2] as string
    const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
    if (ParameterList[0]?.Name !== path)
      throw new ConformanceFailure(`the value of ${path} (request ${asked + 1})`, `${ParameterList[0]?.Name}`)
  }
})

test('SES-HOLD-001 sends no request of its own while HoldRequests is true', {
  meta: { id: 'SES-HOLD-001' },
}, async ({ acs, cpe, restore, pixit, signal, skip, task }) => {
  restore(() => backHome(cpe))
  const before = await firstContact(cpe, '/hold-nothing', signal)
  await before.end()
  if (before.cpeRequests.length === 0) {
    task.meta.notApplicable = 'the device has no request of its own in its first session'
    skip()
  }

  const session = await firstContact(cpe, '/hold', signal, { holdRequests: true })

  granted(
    await session.call(
      'GetParameterValues',
      { ParameterNames: [pixit.parameters.readOnly.path] },
      { holdRequests: true },
    ),
  )
  expect(session.cpeRequests.length, 'requests of the device while they are on hold').toBe(0)
  await acs.drain()
})

test('SES-HOLD-002 sends the request that was on hold once HoldRequests is false again', {
  meta: { id: 'SES-HOLD-002' },
}, async ({ cpe, restore, pixit, signal, skip, task }) => {
  restore(() => backHome(cpe))
  const before = await firstContact(cpe, '/release-nothing', signal)
  await before.end()
  if (before.cpeRequests.length === 0) {
    task.meta.notApplicable = 'the device has no request of its own in its first session'
    skip()
  }
  const session = await firstContact(cpe, '/release', signal, { holdRequests: true })
  const ParameterNames = [pixit.parameters.readOnly.path]
  granted(await session.call('GetParameterValues', { ParameterNames }, { holdRequests: true }))

  const asked = new Promise<string>((resolve) => {
    session.onCpeRequest = ({ name }) => {
      resolve(name)
      return undefined
    }
  })
  granted(await session.call('GetParameterValues', { ParameterNames }))
  await session.end()

  const released = await Promise.race([
    asked,
    setTimeout(pixit.timing.responseSeconds * 1000, undefined, { signal, ref: false }),
  ])
  if (released === undefined) {
    // A device may have something to ask once since its boot only: then there was nothing on hold.
    const after = await firstContact(cpe, '/release-again', signal)
    await after.end()
    if (after.cpeRequests.length > 0)
      throw new ConformanceFailure(
        'the request that was on hold',
        'none in this session, but one in the next',
      )
    task.meta.notApplicable = 'the device does not have a request of its own in each first session'
    skip()
  }
  expect(
    before.cpeRequests.map(({ name }) => name),
    'requests of its first session',
  ).toContain(released)
})

/** Waits for a while: nothing comes that belongs to the session which is over. An Inform begins another, for which there may be reasons. */
function nothingFollows({ acs, profile }: TestBed, signal: AbortSignal, expected: string): Promise<void> {
  const where = ({ isInform }: Exchange) => !isInform
  const timeoutMs = quietMs({ profile })
  return nothingComes(acs.nextExchange({ timeoutMs, where, signal }), expected)
}

async function nothingComes(next: Promise<Exchange>, expected: string): Promise<void> {
  try {
    const exchange = await next
    exchange.destroy()
    throw new ConformanceFailure(expected, exchange.description)
  } catch (error) {
    if (!(error instanceof DeviceSilent)) throw error
  }
}

/** The session that the device opens to an ACS it has not met: the one in which it is most likely to have requests. */
function firstContact(
  cpe: TestBed,
  path: string,
  signal: AbortSignal,
  inform: { holdRequests?: boolean } = {},
): Promise<AcsSession> {
  return cpe.provision({ acsUrl: new URL(path, cpe.acs.url).href, signal }, { inform })
}

async function backHome(cpe: TestBed): Promise<void> {
  await cpe.enrol()
}
