import { granted, refused } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import type { HttpFileServer } from '../../harness/net/net.ts'
import { type Bench, type Restore, test } from './bench.ts'
import {
  allChanged,
  assertResult,
  change,
  freshUuid,
  install,
  installed,
  offerUnit,
  removeLater,
  uninstall,
  update,
} from './deployment-units.ts'
import { ifNamed, octetsOf } from './files.ts'
import { freshKey } from './transfers.ts'

/** Sound deployment units that a device cannot take as it is, or cannot take now, each with its code (TR-069 A.5.1). 9001 says of any no more than that it was refused. */

test('TRF-DU-047 fails to install a deployment unit into an execution environment of another kind with 9025', {
  meta: { id: 'TRF-DU-047' },
}, async ({ cpe, session, signal, restore, web, pixit, skip, task }) => {
  const unit = ifNamed(pixit.files.mismatchedDeploymentUnit, 'unit for another environment', { skip, task })

  assertResult(await installInto({ cpe, session, signal }, { restore, web }, unit), [9025, 9001])
})

test('TRF-DU-048 fails to install a deployment unit for which there is no room with 9027', {
  meta: { id: 'TRF-DU-048' },
}, async ({ cpe, session, signal, restore, web, pixit, skip, task }) => {
  const unit = ifNamed(pixit.files.largeDeploymentUnit, 'unit that is too large', { skip, task })

  assertResult(await installInto({ cpe, session, signal }, { restore, web }, unit), [9027, 9001])
})

/** The results of an installation into the execution environment that the profile names. */
async function installInto(
  bench: Bench,
  { restore, web }: { readonly restore: Restore; readonly web: HttpFileServer },
  unit: NonNullable<Profile['pixit']['files']['largeDeploymentUnit']>,
) {
  const UUID = freshUuid()
  removeLater(bench.cpe, restore, UUID)
  const URL = web.serve('/unit', { body: octetsOf(unit) })
  const operation = install(URL, UUID, { ExecutionEnvRef: unit.executionEnvironment })
  return (await change(bench, [operation])).results
}

/** A device that does one thing after the other does nothing more until the first one comes to its end; so long it has to do both at once. */
const patienceForBothMs = 1500

test('TRF-DU-049 fails to uninstall a deployment unit that it is updating with 9029, or does so afterwards', {
  meta: { id: 'TRF-DU-049' },
}, async ({ cpe, session, signal, restore, web, pixit }) => {
  const UUID = await installed({ cpe, session, signal }, web, restore)
  const { promise: goOn, resolve } = Promise.withResolvers<void>()
  const { URL } = offerUnit(web, cpe, 'newer', { stallAfter: 1, goOn })
  const [updating, removing] = [freshKey(), freshKey()]
  const first = await cpe.openSession(signal)
  granted(
    await first.call('ChangeDUState', { Operations: [update(UUID, URL)], CommandKey: updating }),
    'the update to be accepted',
  )
  await first.end()
  const where = ({ path }: { path: string }) => URL.endsWith(path)
  const timeoutMs = pixit.timing.transferSeconds * 1000
  await web.next('a GET of the newer unit', { where, timeoutMs, signal })
  const second = await cpe.openSession(signal)

  const answer = await second.call('ChangeDUState', { Operations: [uninstall(UUID)], CommandKey: removing })

  const isRefused = isFault(answer)
  if (isRefused) refused(answer, 9001, 9004)
  const patience = setTimeout(resolve, patienceForBothMs)
  const bench = { cpe, session: second, signal }
  try {
    const [, removal] = await allChanged(bench, isRefused ? [updating] : [updating, removing])
    if (removal?.results[0]?.CurrentState !== 'Uninstalled' && removal)
      assertResult(removal.results, [9029, 9001])
  } finally {
    clearTimeout(patience)
    resolve()
  }
})
