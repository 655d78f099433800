/** File types of transfers (TR-069 A.3.2.8, A.4.1.5), and what the device does with each. */

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

/** Names by which reports call what Upload calls otherwise (TransferFileType of the cwmp schema). */
const UPLOADS: readonly (readonly [RegExp, string])[] = [
  [/^1 (Vendor Configuration File)$/, '3 $1'],
  [/^2 (Vendor Log File)$/, '4 $1'],
  [/^3 (Vendor Configuration File [1-9]\d*)$/, '6 $1'],
  [/^4 (Vendor Log File [1-9]\d*)$/, '7 $1'],
]

/** The file type of a transfer as AutonomousTransferComplete and GetAllQueuedTransfers give it. */
export function transferFileType({ method, fileType }: { method: string; fileType: string }): string {
  if (method !== 'Upload') return fileType
  const [pattern, replacement] = UPLOADS.find(([each]) => each.test(fileType)) ?? [/^/, '']
  return fileType.replace(pattern, replacement)
}
