/** One packet to a host and what comes back of it: the measurement that ping and route tests are made of. */

export interface ProbeTarget {
  address: string
  family: 4 | 6
  /** Octets of data. */
  size: number
  /** DiffServ code point. */
  dscp: number
  /** Device milliseconds to wait for an answer. */
  timeout: number
  /** Routers that the packet may pass, plus one; without it as many as usual. */
  hops?: number
}

export type ProbeOutcome =
  /** The host answered, with an ICMP message of that code. */
  | { kind: 'reply'; microseconds: number; code?: number }
  /** A router on the way answered that the packet has passed too many; `address` is the router's, where that can be known. */
  | { kind: 'expired'; microseconds?: number; address?: string }
  | { kind: 'silence' }
  /** There is no way to the host. */
  | { kind: 'unreachable' }
  /** The packet could not be sent. */
  | { kind: 'failed'; reason: string }

export interface Probe {
  send(target: ProbeTarget, signal: AbortSignal): Promise<ProbeOutcome>
}
