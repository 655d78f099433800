import { fileURLToPath } from 'node:url'
import type { ProfileInput } from './profile.ts'
import { referenceFiles } from './reference-files.ts'

/** The profile of the reference agent: what `npm test` uses when no `--dut` is given. */
export const referenceProfile: ProfileInput = {
  product: { manufacturer: 'cwmp-conformance', model: 'Reference CPE', firmware: '1.0.0' },
  adapter: { kind: 'reference' },
  cwmp: { version: '1.4', root: 'Device.' },
  ics: {
    FactoryReset: true,
    FileDownload: true,
    Upload: true,
    ScheduleInform: true,
    ScheduleDownload: true,
    CancelTransfer: true,
    ChangeDUState: true,
    GetQueuedTransfers: true,
    GetAllQueuedTransfers: true,
    SetVouchers: true,
    GetOptions: true,
    HttpsTransfer: true,
    FtpTransfer: true,
    DiagnosticsIPPing: true,
    DiagnosticsTraceRoute: true,
    DiagnosticsDownload: true,
    DiagnosticsUpload: true,
    DiagnosticsNSLookup: true,
    DiagnosticsUDPEcho: true,
    SessionRetryParameters: true,
    HeartbeatPolicy: true,
    LightweightNotification: true,
    HttpConnectionRequest: true,
    StunConnectionRequest: true,
    DigestSha256: true,
    AliasBasedAddressing: true,
    InstanceWildcards: true,
    SecureCwmp: true,
    HttpCompression: true,
    WritableTable: true,
    ActiveNotificationDenial: true,
    AccessList: true,
  },
  pixit: {
    timing: {
      bootSeconds: 10,
      informSeconds: 10,
      responseSeconds: 10,
      rebootSeconds: 10,
      transferSeconds: 15,
      diagnosticsSeconds: 15,
      adapterSeconds: 5,
    },
    parameters: {
      writableInt: { path: 'Device.Ethernet.Interface.1.MaxBitRate', values: ['-1', '100'] },
      enumerated: {
        path: 'Device.Ethernet.Interface.1.DuplexMode',
        values: ['Half', 'Full'],
        bad: 'Sideways',
      },
      needsRestart: { path: 'Device.WiFi.Radio.1.RegulatoryDomain', values: ['US ', 'FR '] },
      vendorSpecific: { path: 'Device.DeviceInfo.X_00D09E_AssetTag', values: ['rack 1', 'rack 2'] },
      emptyTable: { path: 'Device.DHCPv4.Server.Pool.1.StaticAddress.' },
    },
    files: referenceFiles,
  },
  dataModel: {
    file: fileURLToPath(new URL('reference-data-model.xml', import.meta.url)),
    kind: 'device',
    profiles: ['X_CONFORMANCE_Core:1'],
    // No packet of the bench depends on what this agent calls its interfaces.
    touched: ['Device.'],
  },
}
