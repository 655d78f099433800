import { Untestable } from '../../harness/conformance.ts'
import { modelPath } from '../../harness/datamodel/datamodel.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import type { KnownSubject } from './survey.ts'

/**
 * What no case of this suite writes, below the root: the bench would lose the device, or the device would do something
 * that cannot be taken back. `*` stands for anything, a dot at the end for all below.
 */
const NEVER: readonly string[] = [
  'ManagementServer.EnableCWMP',
  'ManagementServer.URL',
  'ManagementServer.Username',
  'ManagementServer.ConnectionRequest*',
  'ManagementServer.ConnReq*',
  'ManagementServer.PeriodicInform*',
  'ManagementServer.HTTPConnectionRequestEnable',
  'ManagementServer.HTTPCompression',
  'ManagementServer.STUN*',
  'ManagementServer.UDP*',
  'ManagementServer.Lightweight*',
  'ManagementServer.InstanceMode',
  'ManagementServer.AutoCreateInstances',
  'ManagementServer.ScheduleReboot',
  'ManagementServer.DelayReboot',
  'ManagementServer.StandbyPolicy.',
  'ManagementServer.HeartbeatPolicy.',
  'DeviceInfo.BootFirmwareImage',
  'DeviceInfo.FirmwareImage.',
  'LANConfigSecurity.',
  'SoftwareModules.',
  'FAP.',
  '*DiagnosticsState',
  '*Reset',
  '*Reboot',
  '*Renew',
  '*Trigger',
  '*ForceSample',
]

/** What may lie between device and bench, in either data model; `dataModel.touched` of the profile lifts it. */
const BETWEEN: readonly string[] = [
  ...[
    'ATM.',
    'Bridging.',
    'CaptivePortal.',
    'Cellular.',
    'DHCPv4.',
    'DHCPv6.',
    'DNS.',
    'DOCSIS.',
    'DSL.',
    'DSLite.',
  ],
  ...[
    'Ethernet.',
    'Firewall.',
    'Ghn.',
    'GRE.',
    'HomePlug.',
    'HPNA.',
    'IEEE8021x.',
    'InterfaceStack.',
    'IP.',
    'IPsec.',
  ],
  ...[
    'IPv6rd.',
    'L2TPv3.',
    'LLDP.',
    'MAP.',
    'MoCA.',
    'NAT.',
    'NeighborDiscovery.',
    'Optical.',
    'PPP.',
    'PTM.',
    'QoS.',
  ],
  ...['RouterAdvertisement.', 'Routing.', 'Security.', 'UPA.', 'USB.', 'VXLAN.', 'WiFi.', 'WWC.', 'XPON.'],
  ...[
    'LANDevice.',
    'LANInterfaces.',
    'Layer2Bridging.',
    'Layer3Forwarding.',
    'QueueManagement.',
    'WANDevice.',
  ],
]

/** Says of a path, parameter or object, whether cases may write there. */
export function mayTouch({ cwmp, dataModel }: Profile): (path: string) => boolean {
  const below = (patterns: readonly string[]) =>
    matching(patterns.map((pattern) => (pattern.startsWith('*') ? pattern : cwmp.root + pattern)))
  const isNever = below(NEVER)
  const isBetween = below(BETWEEN)
  const isUntouched = matching(dataModel?.untouched ?? [])
  const isTouched = matching(dataModel?.touched ?? [])
  return (path) => !isNever(path) && !isUntouched(path) && (isTouched(path) || !isBetween(path))
}

/** Parameters that a case may write, and put back afterwards: it knows what they hold, and that a write starts nothing. */
export function settable(subjects: readonly KnownSubject[], profile: Profile): KnownSubject[] {
  const isFree = mayTouch(profile)
  const found = subjects.filter(
    ({ name, writable, model }) =>
      writable && model.access === 'readWrite' && !model.hidden && !model.command && isFree(name),
  )
  if (found.length === 0) throw new Untestable('the device has no parameter that may be written')
  return found
}

function matching(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const escaped = pattern.replace(/[.[\]]/g, '\\$&').replaceAll('*', '.*')
    return new RegExp(`^${escaped}${pattern.endsWith('.') ? '.*' : ''}$`)
  })
  return (path) => expressions.some((each) => each.test(path) || each.test(modelPath(path)))
}
