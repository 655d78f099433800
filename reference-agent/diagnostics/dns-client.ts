import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { Clock } from '../platform/platform.ts'
import { type DnsResponse, decodeResponse, encodeQuery, type RecordType } from './dns-message.ts'

export interface DnsQuestion {
  server: { address: string; port: number }
  host: string
  type: RecordType
  /** Tells this question from others. */
  id: number
  /** Device milliseconds. */
  timeout: number
}

/** The answer and how long it took in device milliseconds; or why there is none. */
export type DnsOutcome =
  | { kind: 'answer'; response: DnsResponse; milliseconds: number }
  | { kind: 'timeout' }
  /** Nobody serves names at that address. */
  | { kind: 'unavailable' }

/** Asks a name server once, over UDP. What is no answer to the question is passed over. Throws BadName. */
export function queryDns(question: DnsQuestion, clock: Clock, signal: AbortSignal): Promise<DnsOutcome> {
  const query = encodeQuery(question.id, question.host, question.type)
  const { address, port } = question.server
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
    const started = clock.monotonic()
    const end = (outcome: DnsOutcome) => {
      timer.cancel()
      signal.removeEventListener('abort', aborted)
      socket.removeAllListeners()
      socket.on('error', () => {})
      socket.close()
      resolve(outcome)
    }
    const aborted = () => end({ kind: 'timeout' })
    const timer = clock.after(question.timeout, () => end({ kind: 'timeout' }))
    signal.addEventListener('abort', aborted)
    const unavailable = () => end({ kind: 'unavailable' })
    socket.on('error', unavailable)
    socket.on('message', (message) => {
      const response = readResponse(message)
      if (response?.id === question.id)
        end({ kind: 'answer', response, milliseconds: clock.monotonic() - started })
    })
    socket.on('connect', () => socket.send(query, (error) => error && unavailable()))
    socket.connect(port, address)
  })
}

function readResponse(message: Buffer): DnsResponse | undefined {
  try {
    return decodeResponse(message)
  } catch {
    return undefined
  }
}
