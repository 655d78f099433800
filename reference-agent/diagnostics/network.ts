/** What diagnoses do on the network. Each can be replaced. */
import type { Clock } from '../platform/platform.ts'
import { queryDns } from './dns-client.ts'
import { FtpCarrier } from './ftp-carrier.ts'
import { HttpCarrier } from './http-carrier.ts'
import { hostNameOf, resolveHost, systemNameServer } from './name-resolution.ts'
import { findProgram, PingProgram } from './ping-program.ts'
import type { Probe } from './probe.ts'
import type { TestCarrier } from './throughput.ts'
import { UdpProbe } from './udp-probe.ts'

export interface Network {
  resolveHost: typeof resolveHost
  hostNameOf: typeof hostNameOf
  systemNameServer: typeof systemNameServer
  queryDns: typeof queryDns
  createProbe(clock: Clock): Probe
  /** What carries test files by a protocol, given as a URL does: `http:`. */
  createCarrier(protocol: string): TestCarrier
}

/** The network of the machine. */
export const systemNetwork: Network = {
  resolveHost,
  hostNameOf,
  systemNameServer,
  queryDns,
  createProbe: (clock) => {
    const program = findProgram('ping', process.env.PATH ?? '')
    const datagrams = new UdpProbe(clock)
    return program === undefined ? datagrams : new PingProgram(program, clock, datagrams)
  },
  createCarrier: (protocol) => (protocol === 'ftp:' ? new FtpCarrier() : new HttpCarrier()),
}
