/** File types of transfers (TR-069 A.3.2.8, A.3.3.3, A.4.1.5), and what the device does with each. */
import type { TransferOrder } from './record.ts'

export type Content = 'firmware' | 'stored firmware' | 'configuration' | 'plain file'

const DOWNLOADS: ReadonlyMap<string, Content> = new Map([
  ['1 Firmware Upgrade Image', 'firmware'],
  ['2 Web Content', 'plain file'],
  ['3 Vendor Configuration File', 'configuration'],
  ['4 Tone File', 'plain file'],
  ['5 Ringer File', 'plain file'],
  ['6 Stored Firmware Image', 'stored firmware'],
])

/** What a file of that type is to the device; undefined for a type that it does not take. */
export function contentOf(fileType: string): Content | undefined {
  return DOWNLOADS.get(fileType)
}

/** What Upload sends, by the names it has for that; those with an instance name a row of the table. Reports have other numbers for the same names. */
const UPLOADS = [
  { pattern: /^1 (Vendor Configuration File)$/, reported: '3' },
  { pattern: /^2 (Vendor Log File)$/, reported: '4' },
  { pattern: /^3 (Vendor Configuration File ([1-9]\d*))$/, reported: '6', table: 'VendorConfigFile' },
  { pattern: /^4 (Vendor Log File ([1-9]\d*))$/, reported: '7', table: 'VendorLogFile' },
] as const

/** Whether Upload has something of that type to send; `exists` tells whether a parameter is there. */
export function isUploadable(fileType: string, exists: (path: string) => boolean): boolean {
  return UPLOADS.some((upload) => {
    const match = upload.pattern.exec(fileType)
    if (!match) return false
    return !('table' in upload) || exists(`Device.DeviceInfo.${upload.table}.${match[2]}.Name`)
  })
}

/** The file type of an ordered transfer as AutonomousTransferComplete and GetAllQueuedTransfers would call it. */
export function reportedFileType({ method, fileType }: Pick<TransferOrder, 'method' | 'fileType'>): string {
  if (method !== 'Upload') return fileType
  for (const { pattern, reported } of UPLOADS) {
    const match = pattern.exec(fileType)
    if (match) return `${reported} ${match[1]}`
  }
  return fileType
}

/** The type by which Upload knows what reports call so; undefined for a type that is not sent. */
export function uploadFileType(reportedType: string): string | undefined {
  const name = reportedType.slice(2)
  const found = UPLOADS.findIndex(
    ({ pattern, reported }, index) =>
      reportedType.startsWith(`${reported} `) && pattern.test(`${index + 1} ${name}`),
  )
  return found < 0 ? undefined : `${found + 1} ${name}`
}

/** Whether it is the log that an upload sends, and not the configuration. */
export function isLog(fileType: string): boolean {
  return fileType.includes('Vendor Log File')
}
