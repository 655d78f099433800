import { printable } from '../printable.ts'
import { html, jsonBlock, type Markup } from './markup.ts'
import { sequenceDiagram } from './sequence.ts'

/** A transcript as a case points to it. */
interface Source {
  /** Relative to the report folder. */
  readonly file: string
  readonly text: string
  /** The message at fault: its line, 1-based, and the case that points to it. */
  readonly fault?: { readonly id: string; readonly line: number }
}

/** What a page has of one transcript. Its text is data that nothing renders until somebody opens it. */
export interface PageTranscript {
  /** Lines of the whole file. */
  readonly lines: number
  /** In the page itself: `key` names the data block, unique in the page. */
  readonly embedded?: { readonly key: string; readonly block: Markup }
  /** Or in a script file beside the page, which it loads on demand. */
  readonly beside?: { readonly file: string }
  /** The session at fault, of a case that has one. */
  readonly diagram?: Markup
}

/** A run of lines that the page shows: number of the first, and the lines. */
type Part = readonly [from: number, lines: readonly string[]]

interface Readable {
  readonly lines: number
  readonly parts: readonly Part[]
}

// A browser must not freeze on one of them: long lines (a body in one line) and long files are cut, the files have all.
const LONGEST_LINE = 4_000
const MOST_LINES = 3_000
const HEAD_LINES = 500

/**
 * Prepares a transcript that the page itself carries. Of a long file its head and the lines around the message at fault are
 * carried, or its head and its end where nothing is at fault.
 */
export function embedTranscript(key: string, { text, fault }: Omit<Source, 'file'>): PageTranscript {
  const readable = readableOf(text, fault?.line)
  const diagram = fault && sequenceDiagram(fault.id, text, fault.line)
  return {
    lines: readable.lines,
    embedded: {
      key,
      block: html`<script type="application/json" id="${key}">${jsonBlock(readable)}</script>\n`,
    },
    ...(diagram && { diagram }),
  }
}

/**
 * The same as a file beside the page. It is a script, for a page that was opened from a disk may load no other file by itself;
 * all that it does is to hand its data to a function of the page.
 */
export function transcriptScript({ file, text, fault }: Source): {
  readonly entry: PageTranscript
  readonly script: string
} {
  const readable = readableOf(text, fault?.line)
  const diagram = fault && sequenceDiagram(fault.id, text, fault.line)
  return {
    entry: {
      lines: readable.lines,
      beside: { file: `page/${file}.js` },
      ...(diagram && { diagram }),
    },
    script: `cwmpTranscript(${jsonBlock(file).source}, ${jsonBlock(readable).source})\n`,
  }
}

function readableOf(text: string, focus?: number): Readable {
  const lines = printable(text.endsWith('\n') ? text.slice(0, -1) : text)
    .split('\n')
    .map(cut)
  return { lines: lines.length, parts: partsOf(lines, focus) }
}

function cut(line: string): string {
  if (line.length <= LONGEST_LINE) return line
  return `${line.slice(0, LONGEST_LINE)} … ${(line.length - LONGEST_LINE).toLocaleString('en')} more characters`
}

function partsOf(lines: readonly string[], focus: number | undefined): readonly Part[] {
  if (lines.length <= MOST_LINES) return [[1, lines]]
  const rest = MOST_LINES - HEAD_LINES
  const centre = focus ?? lines.length
  const start = Math.min(Math.max(centre - 1 - Math.floor(rest / 2), HEAD_LINES), lines.length - rest)
  const head: Part = [1, lines.slice(0, HEAD_LINES)]
  const around = lines.slice(start, start + rest)
  return start === HEAD_LINES ? [[1, [...head[1], ...around]]] : [head, [start + 1, around]]
}
