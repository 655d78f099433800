import { printable } from '../printable.ts'
import { html, jsonBlock, type Markup } from './markup.ts'

/** A transcript inside the page, as data that nothing renders until somebody opens it. */
export interface EmbeddedTranscript {
  /** Names the data block; unique in the page. */
  readonly key: string
  /** Lines of the whole file. */
  readonly lines: number
  readonly block: Markup
}

/** A run of lines that the page carries: number of the first, and the lines. */
type Part = readonly [from: number, lines: readonly string[]]

// A page that somebody mails must stay openable: long lines (a body in one line) and long files are cut, the files have all.
const LONGEST_LINE = 4_000
const MOST_LINES = 3_000
const HEAD_LINES = 500

/**
 * Prepares one transcript for the page. Of a long file its head and the lines around `focus` (1-based, the message at
 * fault) are carried, or its head and its end where nothing is at fault.
 */
export function embedTranscript(key: string, text: string, focus?: number): EmbeddedTranscript {
  const lines = printable(text.endsWith('\n') ? text.slice(0, -1) : text)
    .split('\n')
    .map(cut)
  return {
    key,
    lines: lines.length,
    block: html`<script type="application/json" id="${key}">${jsonBlock({ lines: lines.length, parts: partsOf(lines, focus) })}</script>\n`,
  }
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
