import { expect, test } from '../../harness/conformance.ts'
import { CWMP_1_0, CWMP_1_1, CWMP_1_2 } from '../../harness/cwmp/cwmp.ts'
import { nextRetry, quickRetries } from '../../harness/testbed/session-retries.ts'
import { namespaceWith, noHeader, notChoosable, notOffered } from './versions.ts'

/** How CPE and ACS agree on a version (SupportedCWMPVersions, UseCWMPVersion, the namespace of the InformResponse). */

test('INF-VERSION-004 goes on in the namespace of an ACS that speaks CWMP 1.1 only', {
  meta: { id: 'INF-VERSION-004' },
}, async ({ cpe, signal, skip, task }) => {
  const why = await notOffered(cpe, '1.1', signal)
  if (why !== undefined) {
    task.meta.notApplicable = why
    skip()
  }
  expect(await namespaceWith(cpe, '1.1', {}, signal), 'namespace of the answer').toBe(CWMP_1_1)
})

test('INF-VERSION-005 goes on in the namespace of an ACS that speaks CWMP 1.2 and names no version', {
  meta: { id: 'INF-VERSION-005' },
}, async ({ cpe, signal, skip, task }) => {
  const why = await notOffered(cpe, '1.2', signal)
  if (why !== undefined) {
    task.meta.notApplicable = why
    skip()
  }
  expect(await namespaceWith(cpe, '1.2', {}, signal), 'namespace of the answer').toBe(CWMP_1_2)
})

test('INF-VERSION-006 goes on in CWMP 1.0 when the ACS chooses it by UseCWMPVersion', {
  meta: { id: 'INF-VERSION-006' },
}, async ({ cpe, signal, skip, task }) => {
  const why = await notChoosable(cpe, '1.0', signal)
  if (why !== undefined) {
    task.meta.notApplicable = why
    skip()
  }

  const namespace = await namespaceWith(cpe, '1.0', { useCwmpVersion: '1.0' }, signal)

  expect(namespace, 'namespace of the answer').toBe(CWMP_1_0)
})

test('INF-VERSION-007 goes on in CWMP 1.2 when the ACS chooses it by UseCWMPVersion', {
  meta: { id: 'INF-VERSION-007' },
}, async ({ cpe, signal, skip, task }) => {
  const why = await notChoosable(cpe, '1.2', signal)
  if (why !== undefined) {
    task.meta.notApplicable = why
    skip()
  }

  const namespace = await namespaceWith(cpe, '1.2', { useCwmpVersion: '1.2' }, signal)

  expect(namespace, 'namespace of the answer').toBe(CWMP_1_2)
})

test('INF-VERSION-008 goes on in CWMP 1.3 when the ACS chooses it by UseCWMPVersion', {
  meta: { id: 'INF-VERSION-008' },
}, async ({ cpe, signal, skip, task }) => {
  const why = await notChoosable(cpe, '1.3', signal)
  if (why !== undefined) {
    task.meta.notApplicable = why
    skip()
  }

  const namespace = await namespaceWith(cpe, '1.3', { useCwmpVersion: '1.3' }, signal)

  expect(namespace, 'namespace of the answer').toBe(CWMP_1_2)
})

test('INF-VERSION-009 goes on in CWMP 1.4 when the ACS chooses it by UseCWMPVersion', {
  meta: { id: 'INF-VERSION-009' },
}, async ({ cpe, signal, skip, task }) => {
  const why = await notChoosable(cpe, '1.4', signal)
  if (why !== undefined) {
    task.meta.notApplicable = why
    skip()
  }

  const namespace = await namespaceWith(cpe, '1.4', { useCwmpVersion: '1.4' }, signal)

  expect(namespace, 'namespace of the answer').toBe(CWMP_1_2)
})

test('INF-VERSION-010 ends its session when the ACS chooses a version that it has not offered', {
  meta: { id: 'INF-VERSION-010' },
}, async ({ cpe, restore, signal, skip, task }) => {
  if (cpe.profile.cwmp.version !== '1.4') {
    task.meta.notApplicable = noHeader(cpe)
    skip()
  }
  const waits = await quickRetries(cpe, restore, signal)
  const session = await cpe.openSession(signal, { inform: { useCwmpVersion: '9.9' } })

  const retry = await nextRetry(cpe, waits, 1)

  expect(session.exchanges.length, 'messages of the session that was to end at its Inform').toBe(1)
  expect(retry.inform.RetryCount, 'RetryCount').toBe(1)
})

test('INF-VERSION-011 comes back after fault 8006', {
  meta: { id: 'INF-VERSION-011' },
}, async ({ cpe, restore, signal }) => {
  const waits = await quickRetries(cpe, restore, signal)
  const fault = { code: 8006, string: 'ACS version incompatible with CPE' }
  await cpe.openSession(signal, { inform: { fault } })

  const retry = await nextRetry(cpe, waits, 1)

  expect(retry.inform.RetryCount, 'RetryCount').toBe(1)
})

test('INF-VERSION-012 offers all its versions again after a session in an older one', {
  meta: { id: 'INF-VERSION-012' },
}, async ({ acs, cpe, signal, skip, task }) => {
  const why = await notChoosable(cpe, '1.1', signal)
  if (why !== undefined) {
    task.meta.notApplicable = why
    skip()
  }
  acs.cwmpVersion = '1.1'
  const older = await cpe.openSession(signal, { inform: { useCwmpVersion: '1.1' } })
  const offered = older.informEnvelope.supportedCwmpVersions
  await older.end()
  acs.cwmpVersion = 'auto'

  const next = await cpe.openSession(signal)

  expect(next.informEnvelope.supportedCwmpVersions, 'SupportedCWMPVersions').toEqual(offered)
})
