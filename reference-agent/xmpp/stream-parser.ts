/** Streams as they come in: strict, for what XMPP forbids in a stream (RFC 6120 11.1) may be an attack. */
import { EventEmitter } from 'node:events'
import { type Element, xml } from '@xmpp/client'
import { SaxesParser, type SaxesTagPlain } from 'saxes'

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

/** UTF-16 code units that one child of the stream may have; servers allow far less. */
const LONGEST_ELEMENT = 1024 * 1024

/** What @xmpp/client takes for its parser: tells the beginning of the stream, each of its children once it is complete, and its end. */
export class StreamParser extends EventEmitter<ParserEvents> {
  readonly #saxes = new SaxesParser({ xmlns: true, position: false })
  #root: Element | undefined
  #open: Element[] = []
  #length = 0
  #failed = false

  constructor() {
    super()
    const forbid = (what: string) => () =>
      this.#fail(new StreamSyntaxError('restricted-xml', `${what} has no place in a stream`))
    this.#saxes.on('error', ({ message }) => this.#fail(new StreamSyntaxError('not-well-formed', message)))
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
    if (this.#failed) return
    this.#length += text.length
    this.#saxes.write(text)
    if (this.#open.length === 0) this.#length = 0
    else if (this.#length > LONGEST_ELEMENT)
      this.#fail(new StreamSyntaxError('policy-violation', 'an element is too long'))
  }

  #opened(name: SaxesTagPlain['name'], attributes: Record<string, string>): void {
    if (this.#failed) return
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
    if (this.#failed || !this.#root) return
    const element = this.#open.pop()
    if (!element) this.emit('end', this.#root)
    else if (this.#open.length === 0) this.emit('element', element)
  }

  #text(text: string): void {
    if (!this.#failed) this.#open.at(-1)?.append(text)
  }

  #fail(error: StreamSyntaxError): void {
    if (this.#failed) return
    this.#failed = true
    this.emit('error', error)
  }
}
