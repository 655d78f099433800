import { ConformanceFailure, expect } from '../../harness/conformance.ts'
import type { RequestOf } from '../../harness/cwmp/cwmp.ts'
import { noEventTold } from '../../harness/testbed/untold.ts'
import { type Restore, test } from './bench.ts'
import { offerUnit, removeLater, unitsOf } from './deployment-units.ts'
import { comesForIt, type OwnBench, setPolicy, told, untold } from './own-acts.ts'

/** What of the deployment units that come without an order of the ACS is told to it: as DUStateChangeComplPolicy says (TR-069 A.4.2.4). */

const EVENT = '12 AUTONOMOUS DU STATE CHANGE COMPLETE'
const POLICY = 'DUStateChangeComplPolicy'

/** Every code that the data model lets stand in FaultCodeFilter. */
const ALL_CODES =
  '9001,9003,9012,9013,9015,9016,9017,9018,9022,9023,9024,9025,9026,9027,9028,9029,9030,9031,9032'

/** Everything is told. */
const all = {
  Enable: '1',
  OperationTypeFilter: 'Install,Update,Uninstall',
  ResultTypeFilter: 'Both',
  FaultCodeFilter: ALL_CODES,
}

test('TRF-DU-039 tells of a deployment unit that it has installed of its own accord', {
  meta: { id: 'TRF-DU-039' },
}, async ({ cpe, dut, session, signal, restore, web }) => {
  const { URL: url } = offerUnit(web, cpe)
  await setPolicy({ cpe, session, restore }, POLICY, all)

  await dut.ownAct({ act: 'install', fileType: '', url }, signal)

  isOneInstallation(await toldResults({ cpe, signal }, restore))
})

test('TRF-DU-040 tells of no deployment unit of its own unless the ACS wants to hear of them', {
  meta: { id: 'TRF-DU-040' },
}, async ({ cpe, session, signal, restore, web }) => {
  await setPolicy({ cpe, session, restore }, POLICY, { ...all, Enable: '0' })

  await failToInstall({ cpe, signal, web })

  await untold(cpe, EVENT)
})

test('TRF-DU-041 tells of no deployment unit that it failed to install of its own accord when the ACS wants to hear of updates and uninstallations', {
  meta: { id: 'TRF-DU-041' },
}, async ({ cpe, session, signal, restore, web }) => {
  await setPolicy({ cpe, session, restore }, POLICY, { ...all, OperationTypeFilter: 'Update,Uninstall' })

  await failToInstall({ cpe, signal, web })

  await untold(cpe, EVENT)
})

test('TRF-DU-042 tells of no deployment unit that it failed to install of its own accord when the ACS wants to hear of successes', {
  meta: { id: 'TRF-DU-042' },
}, async ({ cpe, session, signal, restore, web }) => {
  await setPolicy({ cpe, session, restore }, POLICY, { ...all, ResultTypeFilter: 'Success' })

  await failToInstall({ cpe, signal, web })

  await untold(cpe, EVENT)
})

test('TRF-DU-043 tells of no failure of its own with a code that FaultCodeFilter does not list', {
  meta: { id: 'TRF-DU-043' },
}, async ({ cpe, session, signal, restore, web }) => {
  // Codes of updates, which no installation of a file that is not there can end with.
  await setPolicy({ cpe, session, restore }, POLICY, { ...all, FaultCodeFilter: '9030,9031,9032' })

  await failToInstall({ cpe, signal, web })

  await untold(cpe, EVENT)
})

test('TRF-DU-044 tells of a deployment unit that it failed to install of its own accord, with a FaultCode', {
  meta: { id: 'TRF-DU-044' },
}, async ({ cpe, session, signal, restore, web }) => {
  await setPolicy({ cpe, session, restore }, POLICY, { ...all, ResultTypeFilter: 'Failure' })

  await failToInstall({ cpe, signal, web })

  const results = await toldResults({ cpe, signal }, restore)
  const [result] = results
  if (results.length !== 1 || result?.CurrentState !== 'Failed' || result.Fault.FaultCode === 0)
    throw new ConformanceFailure('one result, Failed with a FaultCode', inWords(results))
})

test('TRF-DU-045 tells of no deployment unit that it has installed of its own accord when the ACS wants to hear of failures', {
  meta: { id: 'TRF-DU-045' },
}, async ({ cpe, session, signal, restore, web }) => {
  await setPolicy({ cpe, session, restore }, POLICY, { ...all, ResultTypeFilter: 'Failure' })
  const mark = cpe.messages.mark()

  await installUntold({ cpe, signal, web }, restore)

  await untold(cpe, EVENT)
  noEventTold(cpe.messages.informsSince(mark), EVENT)
})

test('TRF-DU-046 tells of a deployment unit that it has installed of its own accord although FaultCodeFilter is empty', {
  meta: { id: 'TRF-DU-046' },
}, async ({ cpe, dut, session, signal, restore, web }) => {
  const { URL: url } = offerUnit(web, cpe)
  await setPolicy({ cpe, session, restore }, POLICY, { ...all, FaultCodeFilter: '' })

  await dut.ownAct({ act: 'install', fileType: '', url }, signal)

  isOneInstallation(await toldResults({ cpe, signal }, restore))
})

type Results = RequestOf<'AutonomousDUStateChangeComplete'>['Results']

/** The results that the device tells of; what it has installed is removed after the case. */
async function toldResults({ cpe, signal }: Omit<OwnBench, 'web'>, restore: Restore): Promise<Results> {
  const { calls } = await told({ cpe, signal }, EVENT, 'AutonomousDUStateChangeComplete')
  const results = calls.flatMap(({ Results }) => Results)
  for (const { UUID, CurrentState } of results)
    if (CurrentState === 'Installed') removeLater(cpe, restore, UUID)
  return results
}

function isOneInstallation(results: Results): void {
  expect(
    results.map(({ OperationPerformed, CurrentState }) => `${OperationPerformed}: ${CurrentState}`),
    'results of AutonomousDUStateChangeComplete',
  ).toEqual(['Install: Installed'])
}

function inWords(results: Results): string {
  const each = results.map(({ CurrentState, Fault }) => `${CurrentState} with ${Fault.FaultCode}`)
  return `${results.length} results${each.length > 0 ? `: ${each.join(', ')}` : ''}`
}

/** Has the device install a unit that is not on the server, so that nothing is left behind, and waits until it comes for it. */
async function failToInstall({ cpe, signal, web }: OwnBench): Promise<void> {
  const { URL: url } = offerUnit(web, cpe, 'older', { status: 404 })
  await cpe.dut.ownAct({ act: 'install', fileType: '', url }, signal)
  await comesForIt({ cpe, signal, web })
}

/**
 * Has the device install a unit of which it does not tell, and asks the data model until it is there; removed after the case.
 * @throws ConformanceFailure when it does not come in the time of a transfer
 */
async function installUntold({ cpe, signal, web }: OwnBench, restore: Restore): Promise<void> {
  const before = await unitsOf(cpe, signal)
  const { URL: url } = offerUnit(web, cpe)
  await cpe.dut.ownAct({ act: 'install', fileType: '', url }, signal)
  await comesForIt({ cpe, signal, web })
  const { transferSeconds } = cpe.profile.pixit.timing
  const deadline = performance.now() + transferSeconds * 1000
  while (performance.now() < deadline) {
    const units = await unitsOf(cpe, signal)
    const found = [...units].find(([UUID, unit]) => !before.has(UUID) && unit.get('Status') === 'Installed')
    if (!found) continue
    removeLater(cpe, restore, found[0])
    return
  }
  throw new ConformanceFailure(
    `a deployment unit more in the data model within ${transferSeconds} s`,
    'the same as before',
  )
}
