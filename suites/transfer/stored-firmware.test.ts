import type { AcsSession } from '../../harness/acs/acs.ts'
import { expect, granted } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { noEventTold } from '../../harness/testbed/untold.ts'
import { test } from './bench.ts'
import { STORED_FIRMWARE } from './files.ts'
import { offerOther, versionIn } from './firmware.ts'
import { download, succeeded } from './transfers.ts'

/** Firmware that is stored for later and must not run meanwhile (TR-069 A.3.2.8, as of Amendment 6). */

/** The firmware of the table DeviceInfo.FirmwareImage: Version and Status of each row; undefined where there is no such table. */
async function imagesOf(session: AcsSession, root: string): Promise<string[] | undefined> {
  const path = `${root}DeviceInfo.FirmwareImage.`
  const answer = await session.call('GetParameterValues', { ParameterNames: [path] })
  if (isFault(answer)) return undefined
  const values = new Map(answer.ParameterList.map(({ Name, Value }) => [Name, Value]))
  return [...values.keys()]
    .filter((name) => /^\d+\.Version$/.test(name.slice(path.length)))
    .map((name) => `${values.get(name)} ${values.get(name.replace(/Version$/, 'Status'))}`)
}

test('TRF-FW-012 stores a firmware image and goes on with the one that runs', {
  meta: { id: 'TRF-FW-012' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const { version: _other, ...file } = offerOther({ cpe, session, web, pixit })

  const outcome = await download({ cpe, session, signal }, { ...file, FileType: STORED_FIRMWARE })

  succeeded(outcome)
  const before = versionIn(session, cpe)
  const reporting = outcome.report?.session
  if (reporting) expect(versionIn(reporting, cpe), 'SoftwareVersion in the Inform').toBe(before)
  const later = await cpe.openSession(signal)
  expect(versionIn(later, cpe), 'SoftwareVersion').toBe(before)
})

test('TRF-FW-013 does not restart for a firmware image that it stores', {
  meta: { id: 'TRF-FW-013' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const { version: _other, ...file } = offerOther({ cpe, session, web, pixit })
  const mark = cpe.messages.mark()

  succeeded(await download({ cpe, session, signal }, { ...file, FileType: STORED_FIRMWARE }))

  await (await cpe.openSession(signal)).end()
  noEventTold(cpe.messages.informsSince(mark), '1 BOOT')
})

test('TRF-FW-014 does not run a stored firmware image when it restarts for another reason', {
  meta: { id: 'TRF-FW-014' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const { version: _other, ...file } = offerOther({ cpe, session, web, pixit })
  succeeded(await download({ cpe, session, signal }, { ...file, FileType: STORED_FIRMWARE }))
  const later = await cpe.openSession(signal)

  granted(await later.call('Reboot', { CommandKey: 'stored' }))

  await later.end()
  const timeoutMs = pixit.timing.rebootSeconds * 1000
  const isBoot = ({ Event }: (typeof session)['inform']) =>
    Event.some(({ EventCode }) => EventCode === '1 BOOT')
  const booted = await cpe.nextSession({ where: isBoot, timeoutMs, signal })
  expect(versionIn(booted, cpe), 'SoftwareVersion').toBe(versionIn(session, cpe))
})

test('TRF-FW-015 lists a stored firmware image as available', {
  meta: { id: 'TRF-FW-015' },
}, async ({ cpe, session, signal, root, web, pixit, skip, task }) => {
  if (!(await imagesOf(session, root))) {
    task.meta.notApplicable = `the device has no ${root}DeviceInfo.FirmwareImage.`
    return skip()
  }
  const { version, ...file } = offerOther({ cpe, session, web, pixit })

  succeeded(await download({ cpe, session, signal }, { ...file, FileType: STORED_FIRMWARE }))

  const later = await cpe.openSession(signal)
  expect(await imagesOf(later, root), 'Version and Status of firmware images').toContain(
    `${version} Available`,
  )
})
