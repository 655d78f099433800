import { printable } from '../printable.ts'

/** Markup that is already safe; everything else that goes into a page is text and gets escaped. */
export class Markup {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

type Insert = Markup | string | number | undefined | false | readonly Insert[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Template tag for HTML: escapes every insert unless it is Markup itself, joins lists, drops `undefined` and `false`.
 * Attribute values must stand in quotes.
 */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  return new Markup(String.raw({ raw: parts }, ...inserts.map(source)))
}

function source(insert: Insert): string {
  if (insert instanceof Markup) return insert.source
  if (insert === undefined || insert === false) return ''
  if (typeof insert === 'object') return insert.map(source).join('')
  return printable(String(insert)).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

/** A value as JSON that can stand inside a `<script>` block: no `<`, so that no text can end the block or open a comment. */
export function jsonBlock(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replaceAll('<', '\\u003c'))
}

/**
 * What a closed `<details>` holds. With scripts a browser takes the inside of a noscript as one text, which costs it nothing, and the page's
 * script makes elements of it when somebody opens the details; without scripts it is what it is. Not to be nested.
 */
export function later(content: Markup): Markup {
  return html`<noscript>${content}</noscript>`
}
