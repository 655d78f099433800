/** What diagnoses do on the network. Each can be replaced. */
import { type Clock, SystemClock } from '../platform/platform.ts'
import type { Device } from '../services/service.ts'
import { Names } from '../transport/transport.ts'
import { queryDns } from './dns-client.ts'
import { FtpCarrier } from './ftp-carrier.ts'
import { HttpCarrier } from './http-carrier.ts'
import {
  type HostAddress,
  hostNameOf,
  type ProtocolVersion,
  resolveHost,
  splitPort,
  systemNameServer,
} from './name-resolution.ts'
import { findProgram, PingProgram } from './ping-program.ts'
import type { Probe } from './probe.ts'
import type { TestCarrier } from './throughput.ts'
import { UdpProbe } from './udp-probe.ts'

export interface Network {
  /** An address of a host, given by name or as an address. Rejects when it has none of that kind. */
  resolveHost(host: string, version: ProtocolVersion): Promise<HostAddress>
  /** The name of the host with an address; undefined when nobody tells one in time. */
  hostNameOf(address: string, clock: Clock): Promise<string | undefined>
  systemNameServer: typeof systemNameServer
  queryDns: typeof queryDns
  createProbe(clock: Clock): Probe
  /** What carries test files by a protocol, given as a URL does: `http:`. */
  createCarrier(protocol: string): TestCarrier
}

const DNS_PORT = 53

/** Milliseconds that the machine may look for a name. */
const NAME_PATIENCE = 10_000

/** The part of ResponseTimeout that a name gets before it counts as unknown. */
const IMPATIENCE = 1 / 3

/** The network of the machine. */
export const systemNetwork: Network = {
  resolveHost: (host, version) =>
    resolveHost(host, version, new Names({ clock: new SystemClock(), timeout: NAME_PATIENCE })),
  hostNameOf: (address, clock) => hostNameOf(address, clock),
  systemNameServer,
  queryDns,
  createProbe: (clock) => {
    const program = findProgram('ping', process.env.PATH ?? '')
    const datagrams = new UdpProbe(clock)
    return program === undefined ? datagrams : new PingProgram(program, clock, datagrams)
  },
  createCarrier: (protocol) => (protocol === 'ftp:' ? new FtpCarrier() : new HttpCarrier()),
}

/** The network of the machine with the names of a device: from its own DNS server if it has one, without IPv6 where that is switched off. */
export function networkOf(device: Device): Network {
  const { dnsServer: server, responseTimeout } = device.options
  const names = device.createNames(responseTimeout * 1000 * IMPATIENCE)
  return {
    ...systemNetwork,
    resolveHost: (host, version) => resolveHost(host, version, names),
    hostNameOf: (address, clock) => hostNameOf(address, clock, server),
    systemNameServer: () => (server === undefined ? systemNameServer() : splitPort(server, DNS_PORT)),
  }
}
