import { readFileSync } from 'node:fs'
import { storedRows, storedValue } from '../../harness/acs/acs.ts'
import { expect, test } from '../../harness/conformance.ts'
import { decodeRequest } from '../../harness/cwmp/cwmp.ts'
import type { ManagedDevice } from '../../harness/testbed/managed-device.ts'
import { clearFaults, keep, type Managed, named, readBack, set, transferMs } from './managed.ts'

/** Files that the ACS has the device fetch from its own server (TR-069 A.3.2.8, A.3.3.2). */

const FIRMWARE = '1 Firmware Upgrade Image'

interface FileEntry {
  readonly file?: string
  readonly text?: string
}

/** Puts a file of the profile on the ACS's server, for as long as the case lasts. */
async function offer(
  { device, restore }: Managed,
  name: string,
  entry: FileEntry,
  { fileType, version }: { readonly fileType: string; readonly version: string },
): Promise<void> {
  const octets = entry.file === undefined ? Buffer.from(entry.text ?? '') : readFileSync(entry.file)
  const { _deviceId } = await device.stored()
  restore(() => device.site.genie.delete('files', name))
  await device.site.genie.putFile(name, octets, {
    fileType,
    oui: _deviceId._OUI,
    productClass: _deviceId._ProductClass ?? '',
    version,
  })
}

/** Offers the image that does not run yet; gives its version. */
async function offerFirmware(managed: Managed): Promise<string> {
  const { device } = managed
  const [first, second] = named(device.profile.pixit.files.firmware, 'firmware images')
  const now = await readBack(device, device.path('DeviceInfo.SoftwareVersion'))
  const image = first.version === now ? second : first
  await offer(managed, 'firmware', image, { fileType: FIRMWARE, version: image.version })
  return image.version
}

/** When the latest download began that the ACS knows to be done; milliseconds since the epoch, 0 for none. */
async function lastDownload(device: ManagedDevice): Promise<number> {
  const stored = await device.stored(['Downloads'])
  const times = storedRows(stored, 'Downloads').map((row) =>
    Date.parse(String(storedValue(stored, `Downloads.${row}.LastDownload`))),
  )
  return Math.max(0, ...times.filter((time) => !Number.isNaN(time)))
}

/** Waits for the TransferComplete of a download; gives the code of its fault, 0 for success. */
async function completed(device: ManagedDevice, mark: number, signal: AbortSignal): Promise<number> {
  const report = await device.until(
    'a TransferComplete',
    () => device.messages.since(mark).find(({ envelope }) => envelope?.name === 'TransferComplete'),
    { signal, timeoutMs: transferMs(device) },
  )
  await device.quiet({ signal })
  if (!report.envelope) throw new Error('a TransferComplete without an envelope')
  return decodeRequest(report.envelope, 'TransferComplete').FaultStruct.FaultCode
}

test('INT-FW-001 runs the firmware that it fetched from the server of the ACS', {
  meta: { id: 'INT-FW-001' },
}, async ({ managed, signal }) => {
  const { device } = managed
  const version = await offerFirmware(managed)

  await device.do({ name: 'download', fileType: FIRMWARE, fileName: 'firmware' })

  await device.untilStored(device.path('DeviceInfo.SoftwareVersion'), version, {
    signal,
    timeoutMs: transferMs(device),
  })
})

test('INT-FW-002 reports the download to the ACS, which is done with it then', {
  meta: { id: 'INT-FW-002' },
}, async ({ managed, signal }) => {
  const { device } = managed
  await offerFirmware(managed)
  const before = await lastDownload(device)
  const mark = device.messages.mark()

  await device.do({ name: 'download', fileType: FIRMWARE, fileName: 'firmware' })

  expect(await completed(device, mark, signal), 'FaultCode').toBe(0)
  expect(await lastDownload(device), 'the last download that the ACS knows to be done').toBeGreaterThan(
    before,
  )
  expect(await device.site.genie.faults({ device: device.id }), 'faults').toEqual([])
})

test('INT-FW-003 has a download that failed recorded as a fault, with its code', {
  meta: { id: 'INT-FW-003' },
}, async ({ managed, signal }) => {
  const { device, restore } = managed
  const version = await readBack(device, device.path('DeviceInfo.SoftwareVersion'))
  restore(() => clearFaults(device))
  const mark = device.messages.mark()

  await device.run({ name: 'download', fileType: FIRMWARE, fileName: 'no-such-file' })
  const code = await completed(device, mark, signal)

  const faults = await device.site.genie.faults({ device: device.id })
  expect(code, 'FaultCode').toBeGreaterThanOrEqual(9000)
  expect(faults.map((fault) => fault.code)).toEqual([`cwmp.${code}`])
  expect(await device.storedValue(device.path('DeviceInfo.SoftwareVersion'))).toBe(version)
})

test('INT-CFG-001 takes the configuration that it fetched from the server of the ACS', {
  meta: { id: 'INT-CFG-001' },
}, async ({ managed, signal }) => {
  const { device } = managed
  const entry = named(device.profile.pixit.files.vendorConfiguration, 'vendor configuration file')
  const { path, value, fileType } = entry
  await keep(managed, path)
  await set(device, { [path]: 'before' })
  await offer(managed, 'configuration', entry, { fileType, version: '1' })
  const mark = device.messages.mark()

  await device.do({ name: 'download', fileType, fileName: 'configuration' })

  expect(await completed(device, mark, signal), 'FaultCode').toBe(0)
  expect(await readBack(device, path), path).toBe(value)
})
