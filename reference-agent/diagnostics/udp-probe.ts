import { createSocket } from 'node:dgram'
import type { Clock } from '../platform/platform.ts'
import type { Probe, ProbeOutcome, ProbeTarget } from './probe.ts'

/** Where UDP has its echo service: either that answers, or the host says by ICMP that it has none. Both are a round trip. */
const ECHO_PORT = 7

/** The code of the ICMP message that the kernel calls ECONNREFUSED. */
const PORT_UNREACHABLE = 3

/**
 * Measures with a UDP datagram, which needs neither privileges nor a program. The kernel tells of ICMP messages that come back, but not who sent
 * them, and Node.js cannot set the DSCP of a datagram.
 */
export class UdpProbe implements Probe {
  readonly #clock: Clock
  readonly #port: number

  constructor(clock: Clock, port = ECHO_PORT) {
    this.#clock = clock
    this.#port = port
  }

  send(target: ProbeTarget, signal: AbortSignal): Promise<ProbeOutcome> {
    const clock = this.#clock
    return new Promise((resolve) => {
      const socket = createSocket(target.family === 6 ? 'udp6' : 'udp4')
      let sent = clock.monotonic()
      const elapsed = () => Math.max(1, Math.round((clock.monotonic() - sent) * 1000))
      const end = (outcome: ProbeOutcome) => {
        timer.cancel()
        signal.removeEventListener('abort', aborted)
        socket.removeAllListeners()
        socket.on('error', () => {})
        socket.close()
        resolve(outcome)
      }
      const aborted = () => end({ kind: 'silence' })
      const timer = clock.after(target.timeout, () => end({ kind: 'silence' }))
      signal.addEventListener('abort', aborted)
      const failed = (error: Error) => end(outcomeOf(error, target.hops !== undefined, elapsed()))
      socket.on('error', failed)
      socket.on('message', () => end({ kind: 'reply', microseconds: elapsed() }))
      socket.on('connect', () => {
        if (target.hops !== undefined) socket.setTTL(target.hops)
        sent = clock.monotonic()
        socket.send(Buffer.alloc(target.size), (error) => {
          if (error) failed(error)
        })
      })
      socket.connect(this.#port, target.address)
    })
  }
}

/** What an error of a connected socket says: ICMP messages arrive as such. */
function outcomeOf(error: Error, areHopsLimited: boolean, microseconds: number): ProbeOutcome {
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return { kind: 'reply', microseconds, code: PORT_UNREACHABLE }
  if (code === 'EHOSTUNREACH' && areHopsLimited) return { kind: 'expired', microseconds }
  if (['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'].includes(code)) return { kind: 'unreachable' }
  return { kind: 'failed', reason: message }
}
