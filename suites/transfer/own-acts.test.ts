import { ConformanceFailure, expect, granted } from '../../harness/conformance.ts'
import { lacks } from '../session/lacking.ts'
import { test } from './bench.ts'
import { offer, ordinaryFile } from './files.ts'
import { comesForIt, everything, type OwnBench, setPolicy, told, untold } from './own-acts.ts'

/** What a device does of its own accord, and what of that it tells the ACS (TR-069 A.3.3.3, A.4.2). */

const TRANSFER = '10 AUTONOMOUS TRANSFER COMPLETE'
const POLICY = 'AutonomousTransferCompletePolicy'

test('TRF-ATC-001 tells of a transfer of its own by its event and AutonomousTransferComplete', {
  meta: { id: 'TRF-ATC-001' },
}, async ({ cpe, session, signal, restore, web }) => {
  const { fileType } = ordinaryFile(cpe.profile.pixit)
  await setPolicy({ cpe, session, restore }, POLICY, everything(fileType))

  await downloadOwn({ cpe, signal, web })

  const { calls } = await told({ cpe, signal }, TRANSFER, 'AutonomousTransferComplete')
  expect(
    calls.map(({ FaultStruct }) => FaultStruct.FaultCode),
    'FaultCodes of AutonomousTransferComplete',
  ).toEqual([0])
})

test('TRF-ATC-002 lists a transfer of its own in GetAllQueuedTransfers with an empty CommandKey', {
  meta: { id: 'TRF-ATC-002' },
}, async ({ cpe, session, signal, web }) => {
  await session.end()
  const { fileType } = await downloadOwn({ cpe, signal, web }, { stallAfter: 1 })

  const later = await cpe.openSession(signal)

  const { TransferList } = granted(await later.call('GetAllQueuedTransfers', {}))
  const listed = TransferList.map(({ CommandKey, FileType }) => [CommandKey, FileType])
  expect(listed, 'CommandKey and FileType of transfers').toContainEqual(['', fileType])
})

test('TRF-ATC-003 tells of no transfer of its own when FileTypeFilter is empty', {
  meta: { id: 'TRF-ATC-003' },
}, async ({ cpe, session, signal, restore, web }) => {
  await setPolicy({ cpe, session, restore }, POLICY, everything(''))

  await downloadOwn({ cpe, signal, web })

  await untold(cpe, TRANSFER)
})

test('TRF-ATC-004 tells of no transfer of its own unless the ACS wants to hear of them', {
  meta: { id: 'TRF-ATC-004' },
}, async ({ cpe, session, signal, restore, web }) => {
  const { fileType } = ordinaryFile(cpe.profile.pixit)
  await setPolicy({ cpe, session, restore }, POLICY, { ...everything(fileType), Enable: '0' })

  await downloadOwn({ cpe, signal, web })

  await untold(cpe, TRANSFER)
})

test('TRF-ATC-005 tells of no download of its own when the ACS wants to hear of uploads', {
  meta: { id: 'TRF-ATC-005' },
}, async ({ cpe, session, signal, restore, web }) => {
  const { fileType } = ordinaryFile(cpe.profile.pixit)
  const policy = { ...everything(fileType), TransferTypeFilter: 'Upload' }
  await setPolicy({ cpe, session, restore }, POLICY, policy)

  await downloadOwn({ cpe, signal, web })

  await untold(cpe, TRANSFER)
})

test('TRF-ATC-006 tells of no transfer of its own that succeeded when the ACS wants to hear of failures', {
  meta: { id: 'TRF-ATC-006' },
}, async ({ cpe, session, signal, restore, web }) => {
  const { fileType } = ordinaryFile(cpe.profile.pixit)
  const policy = { ...everything(fileType), ResultTypeFilter: 'Failure' }
  await setPolicy({ cpe, session, restore }, POLICY, policy)

  await downloadOwn({ cpe, signal, web })

  await untold(cpe, TRANSFER)
})

test('TRF-ATC-007 tells of a transfer of its own that failed', {
  meta: { id: 'TRF-ATC-007' },
}, async ({ cpe, session, signal, restore, web }) => {
  const { fileType } = ordinaryFile(cpe.profile.pixit)
  await setPolicy({ cpe, session, restore }, POLICY, everything(fileType))

  await downloadOwn({ cpe, signal, web }, { status: 404 })

  const { calls } = await told({ cpe, signal }, TRANSFER, 'AutonomousTransferComplete')
  const codes = calls.map(({ FaultStruct }) => FaultStruct.FaultCode)
  if (codes.length !== 1 || codes[0] === 0)
    throw new ConformanceFailure(
      'one AutonomousTransferComplete with a FaultCode',
      `FaultCodes ${codes.join(', ')}`,
    )
})

test('TRF-ATC-008 says what it has transferred of its own accord, and from where', {
  meta: { id: 'TRF-ATC-008' },
}, async ({ cpe, session, signal, restore, web }) => {
  const { fileType } = ordinaryFile(cpe.profile.pixit)
  await setPolicy({ cpe, session, restore }, POLICY, everything(fileType))

  const { url } = await downloadOwn({ cpe, signal, web })

  const { calls } = await told({ cpe, signal }, TRANSFER, 'AutonomousTransferComplete')
  expect(
    calls.map(({ IsDownload, FileType, TransferURL }) => ({ IsDownload, FileType, TransferURL })),
    'AutonomousTransferComplete',
  ).toEqual([{ IsDownload: true, FileType: fileType, TransferURL: url }])
})

test('TRF-RDL-001 asks the ACS for a file by its event and RequestDownload', {
  meta: { id: 'TRF-RDL-001' },
}, async ({ cpe, dut, session, signal, pixit }) => {
  const { fileType } = ordinaryFile(pixit)
  await session.end()

  await dut.ownAct({ act: 'requestDownload', fileType, url: '' }, signal)

  const { calls } = await told({ cpe, signal }, '9 REQUEST DOWNLOAD', 'RequestDownload')
  expect(
    calls.map(({ FileType }) => FileType),
    'FileType of RequestDownload',
  ).toEqual([fileType])
})

test('TRF-KICK-001 asks the ACS by its event and Kicked where its user shall go', {
  meta: { id: 'TRF-KICK-001' },
}, async ({ cpe, dut, session, signal }) => {
  const url = 'http://portal.example/next'
  await session.end()

  await dut.ownAct({ act: 'kick', fileType: '', url }, signal)

  const { calls } = await told({ cpe, signal }, '5 KICKED', 'Kicked')
  expect(
    calls.map(({ Next }) => Next),
    'Next of Kicked',
  ).toEqual([url])
})

test('TRF-RDL-002 ends its session properly, and asks in it once, when the ACS has no RequestDownload', {
  meta: { id: 'TRF-RDL-002' },
}, async ({ cpe, dut, session, signal, pixit }) => {
  const { fileType } = ordinaryFile(pixit)
  await session.end()

  await dut.ownAct({ act: 'requestDownload', fileType, url: '' }, signal)

  const refusing = lacks(cpe, 'RequestDownload')
  const { calls } = await told({ cpe, signal }, '9 REQUEST DOWNLOAD', 'RequestDownload', refusing)
  expect(calls.length, 'calls of RequestDownload, the first refused with 8000').toBeLessThanOrEqual(1)
})

test('TRF-KICK-002 ends its session properly, and asks in it once, when the ACS has no Kicked', {
  meta: { id: 'TRF-KICK-002' },
}, async ({ cpe, dut, session, signal }) => {
  await session.end()

  await dut.ownAct({ act: 'kick', fileType: '', url: 'http://portal.example/nowhere' }, signal)

  const { calls } = await told({ cpe, signal }, '5 KICKED', 'Kicked', lacks(cpe, 'Kicked'))
  expect(calls.length, 'calls of Kicked, the first refused with 8000').toBeLessThanOrEqual(1)
})

type Script = Parameters<typeof offer>[2]

/** Has the device download the ordinary file of the profile of its own accord, and waits until it comes for it. */
async function downloadOwn({ cpe, signal, web }: OwnBench, script: Script = {}) {
  const { FileType: fileType, URL: url } = offer(web, cpe.profile.pixit, script)
  await cpe.dut.ownAct({ act: 'download', fileType, url }, signal)
  await comesForIt({ cpe, signal, web })
  return { fileType, url }
}
