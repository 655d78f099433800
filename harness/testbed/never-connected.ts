import type { TranscriptEntry } from '../cwmp/transcript.ts'

/** What is known when the device has not come. */
export interface Absence {
  /** Where it was told that the ACS is. */
  readonly acsUrl: string
  /** How long it was waited for, in seconds. */
  readonly seconds: number
  /** All that is remembered of the wire. */
  readonly entries: readonly TranscriptEntry[]
  /** On the clock of the entries, in milliseconds. */
  readonly nowMs: number
  /** Strikes credentials out of the head of a message. */
  readonly masked: (head: string) => string
}

/** So much of a request line is shown. */
const LONGEST = 80

/**
 * One sentence for whoever stands in front of a bench on which no device appears: whether it never connected at all, and what to look
 * at then, or when it was seen last and what it did.
 */
export function noSession({ acsUrl, seconds, entries, nowMs, masked }: Absence): string {
  const silence = `the device opened no session within ${seconds} s of being pointed at the ACS`
  const seen = entries.findLast(({ direction, kind }) => direction === 'cpe→acs' && kind !== 'close')
  if (seen === undefined)
    return `${silence}, and never connected: is ${acsUrl} reachable from it (pixit.acs.host and publicHost, a firewall, a container's network), and did it take that URL?`
  const agoSeconds = Math.max(0, (nowMs - seen.atMs) / 1000).toFixed(1)
  return `${silence}; last seen ${agoSeconds} s before, on connection ${seen.connection}: ${deed(seen, entries, masked)}`
}

function deed(
  { kind, octets, connection }: TranscriptEntry,
  entries: readonly TranscriptEntry[],
  masked: Absence['masked'],
): string {
  if (kind === 'connect')
    return `it connected ${octets.toString()} and sent no request (does it expect TLS, or another port?)`
  const head =
    kind === 'http-head'
      ? octets
      : entries.findLast(
          (entry) =>
            entry.kind === 'http-head' && entry.connection === connection && entry.direction === 'cpe→acs',
        )?.octets
  const [line = ''] = masked(head?.toString('latin1') ?? '').split(/\r?\n/, 1)
  return line === '' ? 'octets that are no HTTP' : `it sent ${JSON.stringify(line.slice(0, LONGEST))}`
}
