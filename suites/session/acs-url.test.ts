import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted, test } from '../../harness/conformance.ts'
import { anotherAcs } from '../../harness/testbed/another-acs.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

test('URL-CHANGE-001 finishes the session in which its URL is changed', {
  meta: { id: 'URL-CHANGE-001' },
}, async ({ cpe, session, pixit, restore }) => {
  restore(() => cpe.enrol())
  await changeUrl(cpe, session, new URL('/finish', cpe.acs.url).href)

  const answer = granted(
    await session.call('GetParameterValues', { ParameterNames: [pixit.parameters.readOnly.path] }),
  )

  expect(answer.ParameterList).toHaveLength(1)
  expect(session.exchanges.at(-1)?.path, 'path of the last message').toBe(session.informExchange.path)
})

test('URL-CHANGE-002 opens its next session at the changed URL, with 0 BOOTSTRAP', {
  meta: { id: 'URL-CHANGE-002' },
}, async ({ cpe, session, restore }) => {
  restore(() => cpe.enrol())

  const next = await sessionAtChangedUrl(cpe, session, new URL('/changed?device=1', cpe.acs.url).href)

  expect(next.informExchange.path, 'path and query of the Inform').toBe('/changed?device=1')
  expect(next.inform).toCarryEvents('0 BOOTSTRAP')
})

test('URL-CHANGE-003 keeps the changed URL over a reboot', {
  meta: { id: 'URL-CHANGE-003' },
}, async ({ cpe, session, restore }) => {
  restore(() => cpe.enrol())
  const next = await sessionAtChangedUrl(cpe, session, new URL('/kept', cpe.acs.url).href)
  granted(await next.call('Reboot', { CommandKey: 'url' }))
  await next.end()

  const later = await cpe.nextSession({
    timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000,
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '1 BOOT'),
  })

  expect(later.informExchange.path, 'path of the Inform after a reboot').toBe('/kept')
  expect(later.inform).not.toCarryEvents('0 BOOTSTRAP')
})

test('URL-CHANGE-004 reads back the changed URL', {
  meta: { id: 'URL-CHANGE-004' },
}, async ({ cpe, session, restore, root }) => {
  restore(() => cpe.enrol())
  const url = new URL('/read-back', cpe.acs.url).href
  const next = await sessionAtChangedUrl(cpe, session, url)

  const answer = granted(
    await next.call('GetParameterValues', { ParameterNames: [`${root}ManagementServer.URL`] }),
  )

  expect(answer.ParameterList[0]?.Value, 'value of ManagementServer.URL').toBe(url)
})

test('URL-CHANGE-005 finds the ACS by its host name', {
  meta: { id: 'URL-CHANGE-005' },
}, async ({ acs, cpe, session, pixit, restore, skip, task }) => {
  if (pixit.acs.host !== '127.0.0.1' || pixit.acs.publicHost !== undefined) {
    task.meta.notApplicable = 'only a device on the machine of the bench can resolve its name localhost'
    skip()
  }
  restore(() => cpe.enrol())

  const next = await sessionAtChangedUrl(cpe, session, `http://localhost:${acs.port}/by-name`)

  expect(next.informExchange.header('host'), 'Host header').toBe(`localhost:${acs.port}`)
})

test('URL-CHANGE-006 reports 0 BOOTSTRAP when its URL is changed back, too', {
  meta: { id: 'URL-CHANGE-006' },
}, async ({ cpe, session, restore }) => {
  restore(() => cpe.enrol())
  const there = await sessionAtChangedUrl(cpe, session, new URL('/there', cpe.acs.url).href)

  const back = await sessionAtChangedUrl(cpe, there, cpe.acs.url)

  expect(back.informExchange.path, 'path of the Inform').toBe(new URL(cpe.acs.url).pathname)
  expect(back.inform).toCarryEvents('0 BOOTSTRAP')
})

test('URL-CHANGE-007 goes to the port that its changed URL names', {
  meta: { id: 'URL-CHANGE-007' },
}, async ({ cpe, session, restore, signal }) => {
  const other = await anotherAcs(cpe, restore)
  restore(() => cpe.enrol())
  await changeUrl(cpe, session, other.url)
  await session.end()
  const arrived = new AbortController()
  const astray = cpe.acs.nextExchange({ signal: arrived.signal }).then((exchange) => {
    throw new ConformanceFailure(`an Inform at ${other.url}`, `${exchange.description} at ${cpe.acs.url}`)
  })
  const timeoutMs = cpe.profile.pixit.timing.informSeconds * 1000

  const next = await Promise.race([other.nextSession({ timeoutMs, signal }), astray])

  arrived.abort()
  astray.catch(() => {})
  expect(next.inform).toCarryEvents('0 BOOTSTRAP')
  expect(next.informExchange.header('host'), 'Host header').toBe(new URL(other.url).host)
  await next.end()
})

async function changeUrl({ profile }: TestBed, session: AcsSession, url: string): Promise<void> {
  const ParameterList = [{ Name: `${profile.cwmp.root}ManagementServer.URL`, Value: url, type: 'xsd:string' }]
  granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'url' }))
}

/** The device opens it by itself: a changed URL is a reason for a session (3.2.1). */
async function sessionAtChangedUrl(cpe: TestBed, session: AcsSession, url: string): Promise<AcsSession> {
  await changeUrl(cpe, session, url)
  await session.end()
  return cpe.nextSession()
}
