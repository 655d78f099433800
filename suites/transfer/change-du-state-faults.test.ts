import type { TestContext } from 'vitest'
import { expect, granted, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { HttpFileServer } from '../../harness/net/net.ts'
import { type Bench, type Restore, test } from './bench.ts'
import {
  assertResult,
  change,
  changed,
  freshUuid,
  install,
  installed,
  offerUnit,
  removeLater,
  uninstall,
  update,
} from './deployment-units.ts'
import { named, octetsOf } from './files.ts'
import { freshKey } from './transfers.ts'

/**
 * Operations on deployment units that cannot be carried out, each with its code (TR-069 A.5.1). 9001 says of any of them no more than
 * that it was refused.
 */

test('TRF-DU-020 fails to uninstall a deployment unit that it has not with 9028', {
  meta: { id: 'TRF-DU-020' },
}, async ({ cpe, session, signal }) => {
  const { results } = await change({ cpe, session, signal }, [uninstall(freshUuid())])

  assertResult(results, [9028, 9001])
})

test('TRF-DU-021 fails to update a deployment unit that it has not with 9028', {
  meta: { id: 'TRF-DU-021' },
}, async ({ cpe, session, signal, web }) => {
  const { URL } = offerUnit(web, cpe, 'newer')

  const { results } = await change({ cpe, session, signal }, [update(freshUuid(), URL)])

  assertResult(results, [9028, 9001])
})

test('TRF-DU-022 fails to install a deployment unit that it has with 9026', {
  meta: { id: 'TRF-DU-022' },
}, async ({ cpe, session, signal, restore, web }) => {
  const UUID = await installed({ cpe, session, signal }, web, restore)
  const next = await cpe.openSession(signal)

  const { results } = await change({ cpe, session: next, signal }, [install(offerUnit(web, cpe).URL, UUID)])

  assertResult(results, [9026, 9001])
})

test('TRF-DU-023 fails to update a deployment unit to the version that it has with 9032', {
  meta: { id: 'TRF-DU-023' },
}, async ({ cpe, session, signal, restore, web }) => {
  const UUID = await installed({ cpe, session, signal }, web, restore)
  const next = await cpe.openSession(signal)

  const { results } = await change({ cpe, session: next, signal }, [update(UUID, offerUnit(web, cpe).URL)])

  assertResult(results, [9032, 9001])
})

test('TRF-DU-024 updates a deployment unit to an older version, or fails with 9030 and leaves it as it is', {
  meta: { id: 'TRF-DU-024' },
}, async ({ cpe, session, signal, restore, web }) => {
  const UUID = freshUuid()
  removeLater(cpe, restore, UUID)
  const newer = offerUnit(web, cpe, 'newer')
  assertResult((await change({ cpe, session, signal }, [install(newer.URL, UUID)])).results, 'Installed')
  const next = await cpe.openSession(signal)
  const older = offerUnit(web, cpe)

  const { results } = await change({ cpe, session: next, signal }, [update(UUID, older.URL)])

  if (results[0]?.CurrentState === 'Installed') expect(results[0].Version).toBe(older.version)
  else assertResult(results, [9030, 9001])
})

test('TRF-DU-025 fails to install into an execution environment that it has not with 9023', {
  meta: { id: 'TRF-DU-025' },
}, async ({ cpe, session, signal, web, root }) => {
  const ExecutionEnvRef = `${root}SoftwareModules.ExecEnv.4294967295.`
  const operation = install(offerUnit(web, cpe).URL, freshUuid(), { ExecutionEnvRef })

  const { results } = await change({ cpe, session, signal }, [operation])

  assertResult(results, [9023, 9001])
})

test('TRF-DU-026 fails to install under a UUID of another form with 9022, or refuses the request', {
  meta: { id: 'TRF-DU-026' },
}, async ({ cpe, session, signal, web }) => {
  const CommandKey = freshKey()
  const Operations = [install(offerUnit(web, cpe).URL, 'no-uuid-at-all')]

  const answer = await session.call('ChangeDUState', { Operations, CommandKey })

  if (isFault(answer)) return
  const { results } = await changed({ cpe, session, signal }, CommandKey)
  assertResult(results, [9022, 9001])
})

test('TRF-DU-027 fails to install a file that is not there with 9016', {
  meta: { id: 'TRF-DU-027' },
}, async ({ cpe, session, signal, web }) => {
  const { results } = await change({ cpe, session, signal }, [install(web.url('/nothing'), freshUuid())])

  assertResult(results, [9016, 9001])
})

test('TRF-DU-028 fails to install from a server that does not listen with 9015', {
  meta: { id: 'TRF-DU-028' },
}, async ({ cpe, session, signal }) => {
  const gone = await HttpFileServer.listen()
  const URL = gone.url('/unit')
  await gone.close()

  const { results } = await change({ cpe, session, signal }, [install(URL, freshUuid())])

  assertResult(results, [9015, 9001])
})

test('TRF-DU-029 fails to install a damaged deployment unit with 9018', {
  meta: { id: 'TRF-DU-029' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const body = octetsOf(named(pixit.files.corruptDeploymentUnit, 'damaged deployment unit'))
  const URL = web.serve('/damaged', { body })

  const { results } = await change({ cpe, session, signal }, [install(URL, freshUuid())])

  assertResult(results, [9018, 9001])
})

test('TRF-DU-030 shows the credentials of the operation to the server, and fails with 9012 when they are wrong', {
  meta: { id: 'TRF-DU-030' },
}, async ({ cpe, session, signal, restore, web }) => {
  const account = { username: 'file-user', password: 'file-secret' }
  const authentication = { scheme: 'digest', ...account, everyRequest: true } as const
  const { URL } = offerUnit(web, cpe, 'older', { authentication })
  const UUID = freshUuid()
  removeLater(cpe, restore, UUID)
  const right = { ...install(URL, UUID), Username: account.username, Password: account.password }
  const wrong = { ...install(URL, freshUuid()), Username: account.username, Password: 'wrong' }

  const good = await change({ cpe, session, signal }, [right])
  const bad = await change({ cpe, session: await cpe.openSession(signal), signal }, [wrong])

  assertResult(good.results, 'Installed')
  assertResult(bad.results, [9012, 9001])
})

test('TRF-DU-031 fails to install over a protocol that it does not know with 9013', {
  meta: { id: 'TRF-DU-031' },
}, async ({ cpe, session, signal, web }) => {
  const URL = offerUnit(web, cpe).URL.replace('http:', 'gopher:')
  const CommandKey = freshKey()

  granted(await session.call('ChangeDUState', { Operations: [install(URL, freshUuid())], CommandKey }))

  const { results } = await changed({ cpe, session, signal }, CommandKey)
  assertResult(results, [9013, 9001])
})

test('TRF-DU-032 fails to install a file that is cut in the middle with 9017', {
  meta: { id: 'TRF-DU-032' },
}, async ({ cpe, session, signal, web }) => {
  const { URL } = offerUnit(web, cpe, 'older', { cutAfter: 1000 })

  const { results } = await change({ cpe, session, signal }, [install(URL, freshUuid())])

  assertResult(results, [9017, 9001])
})

test('TRF-DU-033 does not change the ParameterKey', {
  meta: { id: 'TRF-DU-033' },
}, async ({ cpe, session, signal, restore, web, root }) => {
  const name = `${root}ManagementServer.ParameterKey`
  const before = session.parameters.get(name)?.Value

  await installed({ cpe, session, signal }, web, restore)

  const later = await cpe.openSession(signal)
  expect(later.parameters.get(name)?.Value, 'ParameterKey').toBe(before)
})

test('TRF-DU-035 fails to install into an execution environment that is disabled with 9024', {
  meta: { id: 'TRF-DU-035' },
}, async ({ cpe, session, signal, restore, web, root, skip, task }) => {
  const table = `${root}SoftwareModules.ExecEnv.`
  const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames: [table] }))
  const enabled = ParameterList.find(
    ({ Name, Value }) => /\.\d+\.Enable$/.test(Name) && /^(1|true)$/.test(Value),
  )
  if (!enabled) throw new Untestable('no execution environment is enabled')
  const switched = (Value: string) => [{ Name: enabled.Name, Value, type: 'xsd:boolean' }]
  restore(async () => {
    const later = await cpe.openSession()
    await later.call('SetParameterValues', { ParameterList: switched('true'), ParameterKey: '' })
    await later.end()
  })
  const answer = await session.call('SetParameterValues', {
    ParameterList: switched('false'),
    ParameterKey: '',
  })
  if (isFault(answer)) {
    task.meta.notApplicable = 'execution environments cannot be disabled'
    return skip()
  }

  const ExecutionEnvRef = enabled.Name.replace(/Enable$/, '')
  const operation = install(offerUnit(web, cpe).URL, freshUuid(), { ExecutionEnvRef })
  const { results } = await change({ cpe, session, signal }, [operation])

  assertResult(results, [9024, 9001])
})

interface Surroundings {
  readonly restore: Restore
  readonly web: HttpFileServer
  readonly skip: TestContext['skip']
  readonly task: TestContext['task']
}

/** Both versions of the unit under one UUID; N/A where the device holds one version at a time. */
async function twoVersions(bench: Bench, { restore, web, skip, task }: Surroundings): Promise<string> {
  const { cpe } = bench
  const UUID = freshUuid()
  removeLater(cpe, restore, UUID)
  const operations = (['older', 'newer'] as const).map((which) =>
    install(offerUnit(web, cpe, which).URL, UUID),
  )
  const { results } = await change(bench, operations)
  if (results.every(({ CurrentState }) => CurrentState === 'Installed')) return UUID
  task.meta.notApplicable = 'the device holds one version of a deployment unit at a time'
  return skip()
}

test('TRF-DU-036 fails to update one of several versions with 9031 when nobody says which', {
  meta: { id: 'TRF-DU-036' },
}, async ({ cpe, session, signal, restore, web, skip, task }) => {
  const UUID = await twoVersions({ cpe, session, signal }, { restore, web, skip, task })
  const next = await cpe.openSession(signal)

  const { results } = await change({ cpe, session: next, signal }, [
    update(UUID, offerUnit(web, cpe, 'newer').URL),
  ])

  assertResult(results, [9031, 9001])
})

test('TRF-DU-037 uninstalls every version of a deployment unit when nobody says which', {
  meta: { id: 'TRF-DU-037' },
}, async ({ cpe, session, signal, restore, web, skip, task }) => {
  const UUID = await twoVersions({ cpe, session, signal }, { restore, web, skip, task })
  const next = await cpe.openSession(signal)
  await change({ cpe, session: next, signal }, [uninstall(UUID)])

  const last = await cpe.openSession(signal)
  const { results } = await change({ cpe, session: last, signal }, [uninstall(UUID)])

  assertResult(results, [9028, 9001])
})
