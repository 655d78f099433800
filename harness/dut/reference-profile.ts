import type { ProfileInput } from './profile.ts'

/** The profile of the reference agent: what `npm test` uses when no `--dut` is given. */
export const referenceProfile: ProfileInput = {
  product: { manufacturer: 'cwmp-conformance', model: 'reference agent', firmware: '0.1.0' },
  adapter: { kind: 'reference' },
  cwmp: { version: '1.4', root: 'Device.' },
  ics: {
    FactoryReset: true,
    FileDownload: false,
    Upload: false,
    ScheduleInform: false,
    ScheduleDownload: false,
    CancelTransfer: false,
    ChangeDUState: false,
    GetQueuedTransfers: false,
    GetAllQueuedTransfers: false,
    SetVouchers: false,
    GetOptions: false,
    HttpConnectionRequest: true,
    DigestSha256: true,
    AliasBasedAddressing: false,
    InstanceWildcards: false,
    HttpCompression: false,
    WritableTable: true,
    ActiveNotificationDenial: false,
    AccessList: true,
  },
  pixit: {
    timing: { bootSeconds: 10, informSeconds: 10, responseSeconds: 10, rebootSeconds: 10, adapterSeconds: 5 },
  },
}
