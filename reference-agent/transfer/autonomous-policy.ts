/** Which transfers of the device's own the ACS wants to hear of (ManagementServer.AutonomousTransferCompletePolicy). */
import type { ParameterTree } from '../datamodel/datamodel.ts'
import type { TransferRecord } from './record.ts'

const POLICY = 'Device.ManagementServer.AutonomousTransferCompletePolicy.'

/** The policy names a type without the number of an instance. */
const BASE_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^6 (Vendor Configuration File) \d+$/, '3 $1'],
  [/^7 (Vendor Log File) \d+$/, '4 $1'],
]

/** Whether the end of a transfer is to be reported. Without a policy it is not. */
export function isReported(record: TransferRecord, tree: ParameterTree): boolean {
  const policy = (name: string) => tree.get(POLICY + name)?.value ?? ''
  const allows = (filter: string, kind: string) => [kind, 'Both'].includes(policy(filter))
  const [pattern, base] = BASE_TYPES.find(([each]) => each.test(record.fileType)) ?? [/^/, '']
  const fileType = record.fileType.replace(pattern, base)
  return (
    policy('Enable') === 'true' &&
    allows('TransferTypeFilter', record.isDownload ? 'Download' : 'Upload') &&
    allows('ResultTypeFilter', record.fault ? 'Failure' : 'Success') &&
    policy('FileTypeFilter').split(',').includes(fileType)
  )
}
