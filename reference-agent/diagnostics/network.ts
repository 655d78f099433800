/** What diagnoses do on the network. Each can be replaced. */
import type { Clock } from '../platform/platform.ts'
import { queryDns } from './dns-client.ts'
import { resolveHost, systemNameServer } from './name-resolution.ts'
import type { Probe } from './probe.ts'
import { UdpProbe } from './udp-probe.ts'

export interface Network {
  resolveHost: typeof resolveHost
  systemNameServer: typeof systemNameServer
  queryDns: typeof queryDns
  createProbe(clock: Clock): Probe
}

/** The network of the machine. */
export const systemNetwork: Network = {
  resolveHost,
  systemNameServer,
  queryDns,
  createProbe: (clock) => new UdpProbe(clock),
}
