/** Streams as they come in: strict, for what XMPP forbids in a stream (RFC 6120 11.1) may be an attack. */
import { EventEmitter } from 'node:events'
import { type Element, xml } from '@xmpp/client'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { ReferenceGuard } from './reference-guard.ts'

/** A stream that cannot be read any further. `condition` is the stream error that says so (RFC 6120 4.9.3). */
export class StreamSyntaxError extends Error {
  override readonly name = 'StreamSyntaxError'
  readonly condition: string

  constructor(condition: string, message: string) {
    super(message)
    this.condition = condition
  }
}

interface ParserEvents {
  start: [Element]
  element: [Element]
  end: [Element]
  error: [StreamSyntaxError]
}

/** UTF-16 code units that one child of the stream may have, with the white space before it; servers allow far less. */
const LONGEST_ELEMENT = 1024 * 1024

/** Elements within each other; those of a stanza are a few. Much deeper ones would cost more time than they are worth. */
const DEEPEST_ELEMENT = 1000

/** What @xmpp/client takes for its parser: tells the beginning of the stream, each of its children once it is complete, and its end. */
export class StreamParser extends EventEmitter<ParserEvents> {
  readonly #saxes = new SaxesParser({ xmlns: true, position: false })
  readonly #references = new ReferenceGuard()
  #root: Element | undefined
  #open: Element[] = []
  /** Since the last child of the stream. */
  #length = 0
  /** It could not be read, or it has ended: nothing more is read. */
  #over = false

  constructor() {
    super()
    const forbid = (what: string) => () => {
      throw new StreamSyntaxError('restricted-xml', `${what} has no place in a stream`)
    }
    this.#saxes.on('error', ({ message }) => {
      throw new StreamSyntaxError('not-well-formed', message)
    })
    this.#saxes.on('comment', forbid('a comment'))
    this.#saxes.on('processinginstruction', forbid('a processing instruction'))
    this.#saxes.on('doctype', forbid('a document type'))
    this.#saxes.on('opentag', ({ name, attributes }) =>
      this.#opened(
        name,
        Object.fromEntries(Object.entries(attributes).map(([key, { value }]) => [key, value])),
      ),
    )
    this.#saxes.on('closetag', () => this.#closed())
    this.#saxes.on('text', (text) => this.#text(text))
    this.#saxes.on('cdata', (text) => this.#text(text))
  }

  write(text: string): void {
    if (this.#over) return
    try {
      this.#read(text)
    } catch (error) {
      if (!(error instanceof StreamSyntaxError || error instanceof StreamEnd)) throw error
      // What else came along is left alone: it may be there to keep the device busy.
      this.#over = true
      if (error instanceof StreamSyntaxError) this.emit('error', error)
      else if (this.#root) this.emit('end', this.#root)
    }
  }

  #read(text: string): void {
    this.#length += text.length
    this.#saxes.write(this.#references.pass(text))
    if (this.#references.isBroken)
      throw new StreamSyntaxError('not-well-formed', 'an ampersand that begins no reference')
    if (this.#length > LONGEST_ELEMENT)
      throw new StreamSyntaxError('policy-violation', 'an element is too long')
  }

  #opened(name: SaxesTagPlain['name'], attributes: Record<string, string>): void {
    if (this.#open.length >= DEEPEST_ELEMENT)
      throw new StreamSyntaxError('policy-violation', 'elements are nested too deeply')
    const element = new xml.Element(name, attributes)
    if (!this.#root) {
      this.#root = element
      this.emit('start', element)
      return
    }
    const parent = this.#open.at(-1)
    if (parent) parent.append(element)
    else element.parent = this.#root
    this.#open.push(element)
  }

  #closed(): void {
    const element = this.#open.pop()
    if (!element) throw new StreamEnd()
    if (this.#open.length > 0) return
    this.#length = 0
    this.emit('element', element)
  }

  #text(text: string): void {
    this.#open.at(-1)?.append(text)
  }
}

/** The end tag of the stream has come. */
class StreamEnd extends Error {}
