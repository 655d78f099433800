import { expect, granted } from '../../harness/conformance.ts'
import { keepAttributes, notification, notificationOf, setAttributes } from '../rpc/attributes.ts'
import { aString, keepValues, otherThan, setValues, valueAt } from '../rpc/values.ts'
import { test } from './bench.ts'
import { FIRMWARE, ifNamed, named, octetsOf } from './files.ts'
import { offerOther, versionIn } from './firmware.ts'
import { download, failed, succeeded } from './transfers.ts'

/** Firmware: a good image is installed, and anything else leaves the old one alone (TR-069 A.3.2.8). */

test('TRF-FW-001 runs the new firmware after a download of it', {
  meta: { id: 'TRF-FW-001' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const { version, ...file } = offerOther({ cpe, session, web, pixit })

  succeeded(await download({ cpe, session, signal }, file))

  const later = await cpe.openSession(signal)
  expect(versionIn(later, cpe), 'SoftwareVersion').toBe(version)
})

test('TRF-FW-002 reports the download of a firmware image when that runs, and not before', {
  meta: { id: 'TRF-FW-002' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const { version, ...file } = offerOther({ cpe, session, web, pixit })

  const outcome = await download({ cpe, session, signal }, file)

  succeeded(outcome)
  const reporting = outcome.report?.session
  if (reporting) expect(versionIn(reporting, cpe), 'SoftwareVersion in the Inform').toBe(version)
})

test('TRF-FW-003 does not tell 0 BOOTSTRAP after a firmware upgrade', {
  meta: { id: 'TRF-FW-003' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const { version: _other, ...file } = offerOther({ cpe, session, web, pixit })
  const mark = cpe.messages.mark()

  succeeded(await download({ cpe, session, signal }, file))

  const events = cpe.messages
    .since(mark)
    .filter(({ isInform }) => isInform)
    .map(({ body }) => body.toString())
  expect(events.filter((inform) => inform.includes('0 BOOTSTRAP'))).toEqual([])
})

test('TRF-FW-004 keeps its firmware when an image is damaged', {
  meta: { id: 'TRF-FW-004' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const body = octetsOf(named(pixit.files.corruptFirmware, 'damaged firmware image'))
  const URL = web.serve('/firmware', { body })

  failed(await download({ cpe, session, signal }, { FileType: FIRMWARE, URL, FileSize: body.length }))

  const later = await cpe.openSession(signal)
  expect(versionIn(later, cpe), 'SoftwareVersion').toBe(versionIn(session, cpe))
})

test('TRF-FW-005 reports a damaged image as 9018', {
  meta: { id: 'TRF-FW-005' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const body = octetsOf(named(pixit.files.corruptFirmware, 'damaged firmware image'))
  const URL = web.serve('/firmware', { body })

  const outcome = await download({ cpe, session, signal }, { FileType: FIRMWARE, URL, FileSize: body.length })

  // A device that checks signatures cannot tell damage from a wrong signature.
  failed(outcome, 9018, 9019, 9010)
})

test('TRF-FW-006 keeps its firmware when the download of an image is cut', {
  meta: { id: 'TRF-FW-006' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const { version: _other, ...file } = offerOther({ cpe, session, web, pixit }, (size) => ({
    cutAfter: size - 1,
  }))

  failed(await download({ cpe, session, signal }, file))

  const later = await cpe.openSession(signal)
  expect(versionIn(later, cpe), 'SoftwareVersion').toBe(versionIn(session, cpe))
})

test('TRF-FW-007 refuses the firmware of another product', {
  meta: { id: 'TRF-FW-007' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const body = octetsOf(named(pixit.files.foreignFirmware, 'firmware image of another product'))
  const URL = web.serve('/firmware', { body })

  failed(await download({ cpe, session, signal }, { FileType: FIRMWARE, URL, FileSize: body.length }))

  const later = await cpe.openSession(signal)
  expect(versionIn(later, cpe), 'SoftwareVersion').toBe(versionIn(session, cpe))
})

test('TRF-FW-008 does not take any octets for firmware', {
  meta: { id: 'TRF-FW-008' },
}, async ({ cpe, session, signal, web, pixit }) => {
  named(pixit.files.corruptFirmware, 'damaged firmware image')
  const URL = web.serve('/firmware', { body: '<html>not found</html>' })

  failed(await download({ cpe, session, signal }, { FileType: FIRMWARE, URL, FileSize: 0 }))

  const later = await cpe.openSession(signal)
  expect(versionIn(later, cpe), 'SoftwareVersion').toBe(versionIn(session, cpe))
})

test('TRF-FW-009 reports an image with a wrong signature as 9019', {
  meta: { id: 'TRF-FW-009' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const forged = ifNamed(pixit.files.forgedFirmware, 'image with a wrong signature', { skip, task })
  const body = octetsOf(forged)
  const URL = web.serve('/firmware', { body })

  const outcome = await download({ cpe, session, signal }, { FileType: FIRMWARE, URL, FileSize: body.length })

  failed(outcome, 9019, 9018, 9010)
})

test('TRF-FW-016 keeps its firmware when the signature of an image is wrong', {
  meta: { id: 'TRF-FW-016' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const forged = ifNamed(pixit.files.forgedFirmware, 'image with a wrong signature', { skip, task })
  const body = octetsOf(forged)
  const URL = web.serve('/firmware', { body })

  failed(await download({ cpe, session, signal }, { FileType: FIRMWARE, URL, FileSize: body.length }))

  const later = await cpe.openSession(signal)
  expect(versionIn(later, cpe), 'SoftwareVersion').toBe(versionIn(session, cpe))
})

test('TRF-FW-010 keeps the notifications that the ACS has set over a firmware upgrade', {
  meta: { id: 'TRF-FW-010' },
}, async ({ cpe, session, signal, restore, web, pixit }) => {
  const { path } = pixit.parameters.writableBoolean
  await keepAttributes({ cpe, session, restore }, path)
  const { version: _other, ...file } = offerOther({ cpe, session, web, pixit })
  granted(await setAttributes(session, notification(path, 1)))

  succeeded(await download({ cpe, session, signal }, file))

  const later = await cpe.openSession(signal)
  expect(await notificationOf(later, path), `Notification of ${path}`).toBe(1)
})

test('TRF-FW-011 keeps values and ParameterKey over a firmware upgrade', {
  meta: { id: 'TRF-FW-011' },
}, async ({ cpe, session, signal, restore, root, web, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  const before = await keepValues({ cpe, session, restore }, path)
  const wanted = otherThan(before.get(path)?.Value ?? '', values)
  const { version: _other, ...file } = offerOther({ cpe, session, web, pixit })
  granted(await setValues(session, [aString(path, wanted)], 'upgrade'))

  succeeded(await download({ cpe, session, signal }, file))

  const later = await cpe.openSession(signal)
  expect(await valueAt(later, path), path).toBe(wanted)
  expect(await valueAt(later, `${root}ManagementServer.ParameterKey`), 'ParameterKey').toBe('upgrade')
})
