import { z } from 'zod'

/**
 * The implementation conformance statement: what the agent claims. Every optional item is answered, because silence
 * could mean either.
 */
export const icsSchema = z
  .strictObject({
    FactoryReset: z.boolean().describe('Answers the FactoryReset RPC (optional before Amendment 6).'),
    FileDownload: z.boolean().describe('Downloads files of at least one type with the Download RPC.'),
    Upload: z.boolean().describe('Answers the Upload RPC.'),
    ScheduleInform: z.boolean().describe('Answers the ScheduleInform RPC.'),
    ScheduleDownload: z.boolean().describe('Answers the ScheduleDownload RPC.'),
    CancelTransfer: z.boolean().describe('Answers the CancelTransfer RPC.'),
    ChangeDUState: z.boolean().describe('Answers the ChangeDUState RPC (software modules).'),
    GetQueuedTransfers: z.boolean().describe('Answers the deprecated GetQueuedTransfers RPC.'),
    GetAllQueuedTransfers: z.boolean().describe('Answers the GetAllQueuedTransfers RPC.'),
    SetVouchers: z.boolean().describe('Answers the deprecated SetVouchers RPC.'),
    GetOptions: z.boolean().describe('Answers the deprecated GetOptions RPC.'),
    HttpsTransfer: z.boolean().describe('Transfers files over HTTPS, too.'),
    FtpTransfer: z.boolean().describe('Transfers files over FTP, too.'),
    DiagnosticsIPPing: z.boolean().describe('Has the IPPing diagnostic.'),
    DiagnosticsTraceRoute: z.boolean().describe('Has the TraceRoute diagnostic.'),
    DiagnosticsDownload: z.boolean().describe('Has the DownloadDiagnostics of TR-143.'),
    DiagnosticsUpload: z.boolean().describe('Has the UploadDiagnostics of TR-143.'),
    DiagnosticsNSLookup: z.boolean().describe('Has the NSLookupDiagnostics.'),
    DiagnosticsUDPEcho: z.boolean().describe('Has a UDP echo server (UDPEchoConfig of TR-143).'),
    SessionRetryParameters: z
      .boolean()
      .describe(
        'Has ManagementServer.CWMPRetryMinimumWaitInterval and CWMPRetryIntervalMultiplier (TR-069 3.2.1.1).',
      ),
    HeartbeatPolicy: z
      .boolean()
      .describe('Sends 14 HEARTBEAT as ManagementServer.HeartbeatPolicy says (TR-069 Annex O).'),
    LightweightNotification: z.boolean().describe('Sends lightweight notifications by UDP (TR-069 Annex M).'),
    HttpConnectionRequest: z
      .boolean()
      .describe(
        'The bench can reach the ConnectionRequestURL of the device. If not, periodic Informs are used.',
      ),
    StunConnectionRequest: z
      .boolean()
      .describe('Takes connection requests by UDP, also through a NAT by means of STUN (TR-069 Annex G).'),
    XmppConnectionRequest: z
      .boolean()
      .describe(
        'Takes connection requests by XMPP (TR-069 Annex K), and reaches a server of the bench through its server table.',
      ),
    DigestSha256: z
      .boolean()
      .describe('Authenticates to the ACS with Digest and SHA-256 (RFC 7616), not only MD5.'),
    AliasBasedAddressing: z.boolean().describe('Accepts [alias] in place of an instance number.'),
    InstanceWildcards: z.boolean().describe('Accepts * in place of an instance number in Get… requests.'),
    SecureCwmp: z
      .boolean()
      .describe(
        'Opens sessions over TLS at an https URL, and the adapter can have it trust a certificate authority.',
      ),
    HttpCompression: z
      .boolean()
      .describe('Can compress its HTTP requests (ManagementServer.HTTPCompression).'),
    WritableTable: z.boolean().describe('At least one table takes AddObject and DeleteObject.'),
    ActiveNotificationDenial: z
      .boolean()
      .describe('Answers 9009 when active notification is asked for a parameter whose model says canDeny.'),
    AccessList: z.boolean().describe('Keeps and honours the AccessList attribute.'),
  })
  .describe('What the agent claims. Every item must be answered.')
