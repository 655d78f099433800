import { SaxesParser, type SaxesTagNS } from 'saxes'
import type { XmlElement } from '../cwmp/cwmp.ts'

/** What happens on a stream, in the order of its octets. */
export interface StreamEvents {
  /** The stream header; it stays open, so it has no children and no text. */
  opened(header: XmlElement): void
  /** A whole child of the stream. */
  element(element: XmlElement): void
  /** The end tag of the stream. */
  closed(): void
  /** What came is no XML, or is XML that a stream must not have (RFC 6120 11.1). Nothing is read after that. */
  failed(reason: string): void
}

const XMLNS = 'http://www.w3.org/2000/xmlns/'

/** Deeper than any stanza that makes sense. */
const MAX_DEPTH = 200

/** Reads one XML stream (RFC 6120 4) as it comes: a restarted stream needs a new reader. */
export class StreamReader {
  readonly #parser = new SaxesParser({ xmlns: true })
  readonly #events: StreamEvents
  readonly #open: XmlElement[] = []
  #failed = false

  constructor(events: StreamEvents) {
    this.#events = events
    const parser = this.#parser
    parser.on('error', ({ message }) => this.#fail(message))
    parser.on('doctype', () => this.#fail('a document type declaration'))
    parser.on('comment', () => this.#fail('a comment'))
    parser.on('processinginstruction', () => this.#fail('a processing instruction'))
    parser.on('opentag', (tag) => this.#begin(tag))
    parser.on('closetag', () => this.#end())
    parser.on('text', (text) => this.#append(text))
    parser.on('cdata', (text) => this.#append(text))
  }

  /** Whether what comes next stands directly in the stream. */
  get isBetween(): boolean {
    return this.#open.length === 1
  }

  write(text: string): void {
    if (!this.#failed) this.#parser.write(text)
  }

  #begin(tag: SaxesTagNS): void {
    if (this.#failed) return
    if (this.#open.length >= MAX_DEPTH) {
      this.#fail(`elements nested deeper than ${MAX_DEPTH}`)
      return
    }
    const element: XmlElement = {
      name: tag.local,
      prefix: tag.prefix,
      uri: tag.uri,
      attributes: Object.values(tag.attributes)
        .filter(({ uri }) => uri !== XMLNS)
        .map(({ local, prefix, uri, value }) => ({ name: local, prefix, uri, value })),
      namespaces: Object.assign(Object.create(this.#open.at(-1)?.namespaces ?? null), tag.ns),
      children: [],
      text: '',
      line: this.#parser.line,
      column: this.#parser.column,
    }
    // The stream itself would grow for ever.
    if (this.#open.length > 1) this.#open.at(-1)?.children.push(element)
    this.#open.push(element)
    if (this.#open.length === 1) this.#events.opened(element)
  }

  #end(): void {
    if (this.#failed) return
    const element = this.#open.pop()
    if (!element) return
    if (this.#open.length === 1) this.#events.element(element)
    if (this.#open.length === 0) this.#events.closed()
  }

  #append(text: string): void {
    if (this.#failed) return
    const element = this.#open.at(-1)
    if (element && this.#open.length > 1) element.text += text
  }

  #fail(reason: string): void {
    if (this.#failed) return
    this.#failed = true
    this.#events.failed(reason)
  }
}
