import { html, type Markup } from './markup.ts'
import { type WireEvent, wireEvents } from './messages.ts'
import { plural } from './text.ts'

/** A diagram is for one look; a reader of more than that wants the transcript. */
const MOST = 40

const WIDTH = 520
const DEVICE = 78
const BENCH = 418
const MIDDLE = (DEVICE + BENCH) / 2
const TOP = 34
const STEP = 30

/**
 * The session at fault of the case `id` as a sequence diagram, and the same as a list for those who hear the page. `fault` is the line of the
 * transcript that a failure points to. Nothing for a transcript without messages.
 */
export function sequenceDiagram(id: string, transcript: string, fault: number): Markup | undefined {
  const events = wireEvents(transcript).filter(({ kind }) => kind !== 'close')
  if (!events.some(({ kind }) => kind === 'message')) return undefined
  const [from, to] = windowOf(events, fault)
  const shown = events.slice(from, to)
  const began = shown[0]?.atMs ?? 0
  const height = TOP + shown.length * STEP + 14
  return html`<figure class="sequence">
          <figcaption>The session at fault${from > 0 && html` <span class="count">${plural(from, 'earlier event')} in the transcript</span>`}${to < events.length && html` <span class="count">${plural(events.length - to, 'later event')} in the transcript</span>`}</figcaption>
          <section class="scroll" aria-label="Sequence diagram of ${id}"><svg viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" aria-hidden="true">
            <text class="who" x="${DEVICE}" y="14">device</text><text class="who" x="${BENCH}" y="14">bench</text>
            <path class="life" d="M${DEVICE} 22V${height}M${BENCH} 22V${height}"/>
            ${shown.map((event, at) => drawn(event, TOP + at * STEP, event.atMs - began, isAt(event, fault)))}
          </svg></section>
          <ol class="unseen">${shown.map((event) => html`<li>${spoken(event)}${isAt(event, fault) && ' (at fault)'}</li>`)}</ol>
        </figure>`
}

/** From the Inform that opened the session at fault to the next one; of a long one what surrounds the fault. */
function windowOf(events: readonly WireEvent[], fault: number): readonly [number, number] {
  const at = Math.max(
    0,
    events.findLastIndex(({ line }) => line <= fault),
  )
  const inform = events.findLastIndex(({ isInform }, index) => isInform && index <= at)
  const next = events.findIndex(({ isInform }, index) => isInform && index > at)
  const begin = openingOf(events, inform)
  const end = next < 0 ? events.length : openingOf(events, next)
  if (end - begin <= MOST) return [begin, end]
  const from = Math.min(Math.max(begin, at - MOST / 2), end - MOST)
  return [from, from + MOST]
}

/** A connection that opens for an Inform belongs to it, and so does the connection request before. */
function openingOf(events: readonly WireEvent[], inform: number): number {
  const connection = events[inform]?.connection
  let first = Math.max(0, inform)
  while (first > 0 && events[first - 1]?.connection === connection) first -= 1
  return first
}

function isAt({ line, end }: WireEvent, fault: number): boolean {
  return line <= fault && fault < end
}

function drawn({ from, kind, label, connection }: WireEvent, y: number, ms: number, fault: boolean): Markup {
  if (from === 'harness') return html`<text class="remark" x="${MIDDLE}" y="${y + 14}">${label}</text>`
  const [start, end] = from === 'cpe' ? [DEVICE, BENCH] : [BENCH, DEVICE]
  const back = from === 'cpe' ? -8 : 8
  const words = kind === 'connect' ? 'opens a connection' : label
  return html`<g${fault && html` class="at-fault"`}><text class="when" x="${DEVICE - 10}" y="${y + 20}">+${ms.toFixed(1)} ms</text><text class="label" x="${MIDDLE}" y="${y + 10}">${words}</text><path class="${kind === 'connect' ? 'opens' : 'arrow'}" d="M${start} ${y + 16}H${end}M${end + back} ${y + 12}L${end} ${y + 16}L${end + back} ${y + 20}"/><text class="where" x="${BENCH + 10}" y="${y + 20}">connection ${connection}</text></g>
            `
}

function spoken({ from, kind, label, connection }: WireEvent): string {
  if (from === 'harness') return `Remark: ${label}`
  const [sender, receiver] = from === 'cpe' ? ['Device', 'bench'] : ['Bench', 'device']
  return kind === 'connect'
    ? `${sender} opens connection ${connection} to the ${receiver}`
    : `${sender} to ${receiver}: ${label}`
}
