import { oneLine } from '../printable.ts'

/** One thing in a transcript that a diagram can show: a message, a connection that opens or closes, a remark of the harness. */
export interface WireEvent {
  /** 1-based line of the transcript where it begins, and the line where the next one does. */
  readonly line: number
  readonly end: number
  /** Milliseconds on the transcript's clock. */
  readonly atMs: number
  /** 0 for a remark that belongs to none. */
  readonly connection: number
  readonly from: 'cpe' | 'acs' | 'harness'
  readonly kind: 'message' | 'connect' | 'close' | 'note'
  /** What it is in a few words, e.g. `Inform: 0 BOOTSTRAP` or `HTTP 401`. */
  readonly label: string
  /** Opens a session. */
  readonly isInform: boolean
}

const HEADING = /^#(\d+) +([\d.]+) ms {2}(?:connection (\d+) {2})?(cpe→acs|acs→cpe)? *(.*)$/
const LONGEST_LABEL = 54

/** Reads a transcript as `harness/cwmp/transcript-text.ts` writes it. Logs of the device are left out. */
export function wireEvents(transcript: string): WireEvent[] {
  const lines = transcript.split('\n')
  const starts = headings(lines)
  return starts.flatMap((start, index) => {
    const [, , time = '0', connection = '0', direction, rest = ''] = HEADING.exec(lines[start] ?? '') ?? []
    const next = starts[index + 1] ?? lines.length
    const [kind, words] = kindOf(rest)
    if (kind === 'note' && words.startsWith('device: ')) return []
    const text = lines.slice(start + 1, next)
    const event: WireEvent = {
      line: start + 1,
      end: next + 1,
      atMs: Number(time),
      connection: Number(connection),
      from: direction === undefined || kind === 'note' ? 'harness' : direction === 'cpe→acs' ? 'cpe' : 'acs',
      kind,
      label: oneLine(kind === 'message' ? messageLabel(text) : words, LONGEST_LABEL),
      isInform: false,
    }
    return [{ ...event, isInform: kind === 'message' && event.label.startsWith('Inform:') }]
  })
}

/** A body or a log could hold a line like a heading; but blocks are parted by a blank line, and their numbers rise. */
function headings(lines: readonly string[]): number[] {
  let last = 0
  return lines.flatMap((line, at) => {
    const number = at === 0 || lines[at - 1] === '' ? Number(HEADING.exec(line)?.[1] ?? 0) : 0
    if (number <= last) return []
    last = number
    return [at]
  })
}

function kindOf(rest: string): [WireEvent['kind'], string] {
  const [, kind, words = ''] = /^(connect|close|note): (.*)$/.exec(rest) ?? []
  return kind === undefined ? ['message', rest] : [kind as WireEvent['kind'], words]
}

function messageLabel(lines: readonly string[]): string {
  const text = lines.join('\n')
  const soap = soapLabel(text)
  const first = lines.find((line) => line.trim() !== '') ?? ''
  const status = /^HTTP\/\d\.\d (\d{3}.*)$/.exec(first)?.[1]
  // An envelope in a plain 200 is what every reader expects; anything else is worth its place.
  if (soap !== undefined)
    return status === undefined || status.startsWith('200') ? soap : `${soap} (HTTP ${status})`
  if (status !== undefined) return `HTTP ${status}`
  const request = /^([A-Z]+) (\S+) HTTP\/\d\.\d$/.exec(first)
  if (!request) return first
  const hasBody = lines.slice(lines.indexOf(first)).some((line) => line.startsWith('<'))
  return request[1] === 'POST' && !hasBody ? 'empty POST' : `${request[1]} ${request[2]}`
}

function soapLabel(text: string): string | undefined {
  const body = /<(?:[\w.-]+:)?Body\b[^>]*>\s*<(?:[\w.-]+:)?([\w.-]+)/.exec(text)?.[1]
  if (body === undefined) return undefined
  if (body === 'Inform') {
    const events = [...text.matchAll(/<(?:[\w.-]+:)?EventCode[^>]*>([^<]*)</g)].map(([, event]) => event)
    return `Inform: ${events.join(', ')}`
  }
  if (body !== 'Fault') return body
  const code = /<(?:[\w.-]+:)?FaultCode>\s*(\d+)/.exec(text)?.[1]
  const words = /<(?:[\w.-]+:)?FaultString>([^<]*)</.exec(text)?.[1]
  return ['Fault', code, words].filter((word) => word !== undefined && word !== '').join(' ')
}
