/** Options of the UCI file `cwmp` that are parameters of the data model: what stands in one stands in the other. */

/** How an option writes what its parameter holds. */
type Form = 'text' | 'boolean' | 'udp'

export interface ConfiguredParameter {
  /** `section.option` */
  readonly option: string
  readonly path: string
  readonly form: Form
}

const SERVER = 'Device.ManagementServer.'
const INFO = 'Device.DeviceInfo.'

/** An option says this of a path, as text unless another form is given. */
const TABLE: readonly (readonly [option: string, path: string, form?: Form])[] = [
  ['acs.userid', `${SERVER}Username`],
  ['acs.passwd', `${SERVER}Password`],
  ['acs.periodic_inform_enable', `${SERVER}PeriodicInformEnable`, 'boolean'],
  ['acs.periodic_inform_interval', `${SERVER}PeriodicInformInterval`],
  ['acs.periodic_inform_time', `${SERVER}PeriodicInformTime`],
  ['acs.compression', `${SERVER}HTTPCompression`],
  ['acs.retry_min_wait_interval', `${SERVER}CWMPRetryMinimumWaitInterval`],
  ['acs.retry_interval_multiplier', `${SERVER}CWMPRetryIntervalMultiplier`],
  ['acs.heartbeat_enable', `${SERVER}HeartbeatPolicy.Enable`, 'boolean'],
  ['acs.heartbeat_interval', `${SERVER}HeartbeatPolicy.ReportingInterval`],
  ['acs.heartbeat_time', `${SERVER}HeartbeatPolicy.InitiationTime`],
  ['acs.ParameterKey', `${SERVER}ParameterKey`],
  ['cpe.userid', `${SERVER}ConnectionRequestUsername`],
  ['cpe.passwd', `${SERVER}ConnectionRequestPassword`],
  ['cpe.manufacturer', `${INFO}Manufacturer`],
  ['cpe.model_name', `${INFO}ModelName`],
  ['cpe.software_version', `${INFO}SoftwareVersion`],
  ['cpe.description', `${INFO}Description`],
  ['cpe.provisioning_code', `${INFO}ProvisioningCode`],
  ['cpe.instance_mode', `${SERVER}InstanceMode`],
  ['cpe.schedule_reboot', `${SERVER}ScheduleReboot`],
  ['cpe.delay_reboot', `${SERVER}DelayReboot`],
  ['cpe.active_notif_throttle', `${SERVER}DefaultActiveNotificationThrottle`],
  ['cpe.md_notif_limit', `${SERVER}ManageableDeviceNotificationLimit`],
  ['cpe.upgrades_managed', `${SERVER}UpgradesManaged`, 'boolean'],
  ['lwn.enable', `${SERVER}LightweightNotificationProtocolsUsed`, 'udp'],
  ['lwn.hostname', `${SERVER}UDPLightweightNotificationHost`],
  ['lwn.port', `${SERVER}UDPLightweightNotificationPort`],
  ['transfer_complete.enable', `${SERVER}AutonomousTransferCompletePolicy.Enable`, 'boolean'],
  ['transfer_complete.transfer_type', `${SERVER}AutonomousTransferCompletePolicy.TransferTypeFilter`],
  ['transfer_complete.result_type', `${SERVER}AutonomousTransferCompletePolicy.ResultTypeFilter`],
  ['transfer_complete.file_type', `${SERVER}AutonomousTransferCompletePolicy.FileTypeFilter`],
  ['du_state_change.enable', `${SERVER}DUStateChangeComplPolicy.Enable`, 'boolean'],
  ['du_state_change.operation_type', `${SERVER}DUStateChangeComplPolicy.OperationTypeFilter`],
  ['du_state_change.result_type', `${SERVER}DUStateChangeComplPolicy.ResultTypeFilter`],
  ['du_state_change.fault_code', `${SERVER}DUStateChangeComplPolicy.FaultCodeFilter`],
  // Last: when a new ACS takes effect its credentials are there.
  ['acs.url', `${SERVER}URL`],
]

export const CONFIGURED_PARAMETERS: readonly ConfiguredParameter[] = TABLE.map(
  ([option, path, form = 'text']) => ({ option, path, form }),
)

const YES = new Set(['1', 'true', 'yes', 'on', 'enable', 'enabled'])
const NO = new Set(['0', 'false', 'no', 'off', 'disable', 'disabled'])

/** What an option says, as a value of its parameter. Undefined when it says nothing that the form knows. */
export function fromOption(form: Form, text: string): string | undefined {
  if (form === 'text') return text
  const lower = text.toLowerCase()
  if (!YES.has(lower) && !NO.has(lower)) return undefined
  const isYes = YES.has(lower)
  if (form === 'udp') return isYes ? 'UDP' : ''
  return String(isYes)
}

/** A value of the parameter, as the option says it. */
export function toOption(form: Form, value: string): string {
  if (form === 'boolean') return value === 'true' ? '1' : '0'
  if (form === 'udp') return value.split(',').includes('UDP') ? '1' : '0'
  return value
}
