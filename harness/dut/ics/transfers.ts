import { group, type IcsItem } from './item.ts'

const typesAreNotTold = { unseen: 'no request tells which file types and protocols a device takes' }

/** Files and how they come. Other file types are named in the PIXIT (`pixit.files.ordinary`). */
export const transfers = group('Files', {
  FirmwareUpgrade: {
    clause: 'A.3.2.8',
    status: 'optional',
    text: 'takes `1 Firmware Upgrade Image`',
    requires: ['FileDownload'],
    shown: typesAreNotTold,
  },
  StoredFirmwareImage: {
    clause: 'A.3.2.8',
    status: 'optional',
    text: 'takes `6 Stored Firmware Image`: holds firmware without running it',
    requires: ['FileDownload'],
    shown: [{ path: 'DeviceInfo.FirmwareImage.' }],
  },
  VendorConfigurationDownload: {
    clause: 'A.3.2.8',
    status: 'optional',
    text: 'takes a vendor configuration file',
    requires: ['FileDownload'],
    shown: typesAreNotTold,
  },
  VendorConfigurationUpload: {
    clause: 'A.4.1.5',
    status: 'optional',
    text: 'uploads its configuration',
    requires: ['Upload'],
    shown: typesAreNotTold,
  },
  VendorLogUpload: {
    clause: 'A.4.1.5',
    status: 'optional',
    text: 'uploads its log',
    requires: ['Upload'],
    shown: typesAreNotTold,
  },
  HttpsTransfer: {
    clause: 'A.3.2.8, A.4.1.5',
    status: 'optional',
    text: 'transfers files over HTTPS, too',
    shown: typesAreNotTold,
  },
  FtpTransfer: {
    clause: 'A.3.2.8, A.4.1.5',
    status: 'optional',
    text: 'transfers files over FTP, too',
    shown: typesAreNotTold,
  },
})

function diagnostic(text: string, clause: string, path: string, gateway: string): IcsItem {
  return { clause, status: 'optional', text: `has ${text}`, shown: [{ path, gateway }] }
}

export const diagnostics = group('Diagnostics', {
  DiagnosticsIPPing: diagnostic(
    'the IPPing diagnostic',
    'TR-181 IP.Diagnostics.IPPing',
    'IP.Diagnostics.IPPing.',
    'IPPingDiagnostics.',
  ),
  DiagnosticsTraceRoute: diagnostic(
    'the TraceRoute diagnostic',
    'TR-181 IP.Diagnostics.TraceRoute',
    'IP.Diagnostics.TraceRoute.',
    'TraceRouteDiagnostics.',
  ),
  DiagnosticsDownload: diagnostic(
    'the DownloadDiagnostics of TR-143',
    'TR-143 DownloadDiagnostics',
    'IP.Diagnostics.DownloadDiagnostics.',
    'DownloadDiagnostics.',
  ),
  DiagnosticsUpload: diagnostic(
    'the UploadDiagnostics of TR-143',
    'TR-143 UploadDiagnostics',
    'IP.Diagnostics.UploadDiagnostics.',
    'UploadDiagnostics.',
  ),
  DiagnosticsNSLookup: diagnostic(
    'the NSLookupDiagnostics',
    'TR-181 DNS.Diagnostics.NSLookupDiagnostics',
    'DNS.Diagnostics.NSLookupDiagnostics.',
    'NSLookupDiagnostics.',
  ),
  DiagnosticsUDPEcho: diagnostic(
    'a UDP echo server (UDPEchoConfig of TR-143)',
    'TR-143 UDPEchoConfig',
    'IP.Diagnostics.UDPEchoConfig.',
    'UDPEchoConfig.',
  ),
})
