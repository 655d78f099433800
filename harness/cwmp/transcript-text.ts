import type { SecretMask } from './secret-mask.ts'
import type { TranscriptEntry } from './transcript.ts'

/** Bodies whose lines are longer on average are shown with a line break between any two tags. */
const READABLE_LINE = 160

/** Writes entries as text (see Transcript.render) and sets the line of each. */
export function renderEntries(entries: TranscriptEntry[], secrets: SecretMask): string {
  const blocks: string[] = []
  let line = 1
  for (let index = 0; index < entries.length; ) {
    const size = isMessage(entries, index) ? 2 : 1
    const parts = entries.slice(index, index + size)
    let block = `${titleOf(parts)}\n`
    for (const entry of parts) {
      if (entry.kind === 'http-body' && parts.length > 1) block += '\n'
      // A head begins where the block does; the body where its own text does, so that an XML error's line can be added.
      entry.line = entry.kind === 'http-body' ? line + lineBreaks(block) : line
      if (isOctets(entry)) block += `${textOf(entry, secrets)}\n`
    }
    block += '\n'
    line += lineBreaks(block)
    blocks.push(block)
    index += size
  }
  return blocks.join('')
}

/** Whether head and body of one message follow each other here. */
function isMessage(entries: TranscriptEntry[], index: number): boolean {
  const head = entries[index]
  const body = entries[index + 1]
  return (
    head?.kind === 'http-head' &&
    body?.kind === 'http-body' &&
    head.connection === body.connection &&
    head.direction === body.direction
  )
}

function isOctets(entry: TranscriptEntry): boolean {
  return entry.kind === 'http-head' || entry.kind === 'http-body'
}

function titleOf(parts: TranscriptEntry[]): string {
  const [first, second] = parts as [TranscriptEntry, TranscriptEntry?]
  const time = `${first.atMs.toFixed(1).padStart(9)} ms`
  const where = first.connection === 0 ? '' : `  connection ${first.connection}`
  const title = `#${first.seq}  ${time}${where}  `
  if (!isOctets(first)) {
    const arrow = first.direction === 'note' ? '' : `${first.direction}  `
    return `${title}${arrow}${first.kind}: ${visible(first.octets.toString())}`
  }
  const body = second ?? (first.kind === 'http-body' ? first : undefined)
  const remarks = body ? bodyRemarks(body) : 'no body'
  return `${title}${first.direction}  ${first.kind === 'http-body' ? 'body, ' : ''}${remarks}`
}

function bodyRemarks(body: TranscriptEntry): string {
  const length = `${body.whole?.octets ?? body.octets.length} octets`
  if (body.whole) return `${length}, the first ${body.octets.length} shown, SHA-256 ${body.whole.sha256}`
  const decoded = body.decoded ? ` on the wire, shown decoded to ${body.decoded.length}` : ''
  return `${length}${decoded}${needsBreaks(body) ? ', line breaks added for reading' : ''}`
}

/** A body that its sender broke into lines stays as it is. */
function needsBreaks(body: TranscriptEntry): boolean {
  const octets = body.decoded ?? body.octets
  if (octets.length <= READABLE_LINE || !octets.includes('><')) return false
  let lines = 1
  for (let at = octets.indexOf(0x0a); at >= 0; at = octets.indexOf(0x0a, at + 1)) lines += 1
  return octets.length / lines > READABLE_LINE
}

function textOf(entry: TranscriptEntry, secrets: SecretMask): string {
  if (entry.kind === 'http-head')
    return secrets.applyToHead(visible(entry.octets.toString('latin1'))).trimEnd()
  const text = visible((entry.decoded ?? entry.octets).toString('utf8'))
  // Secrets first: a break must not fall into one.
  const shown = secrets.apply(text)
  return (needsBreaks(entry) ? withBreaks(shown) : shown).trimEnd()
}

/** A line for each tag, indented by depth. */
function withBreaks(xml: string): string {
  let depth = 0
  return xml
    .replaceAll('><', '>\n<')
    .split('\n')
    .map((line) => {
      if (line.startsWith('</')) depth -= 1
      const shown = '  '.repeat(Math.min(Math.max(depth, 0), 40)) + line
      if (/^<[^/?!]/.test(line) && !line.endsWith('/>') && !/<\/[^>]*>$/.test(line)) depth += 1
      return shown
    })
    .join('\n')
}

/** Octets that a terminal or an editor would swallow, as \xNN; CRLF as a plain line break. */
function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
    /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}

function lineBreaks(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1
  return count
}
