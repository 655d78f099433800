/** What this agent uses of @xmpp/client 0.14, which comes without types. */
declare module '@xmpp/client' {
  import type { EventEmitter } from 'node:events'

  export type Attributes = Record<string, string | undefined>

  export interface Element {
    /** With its prefix. */
    readonly name: string
    readonly attrs: Attributes
    readonly children: readonly (Element | string)[]
    parent: Element | null
    is(name: string, namespace?: string): boolean
    getName(): string
    getNS(): string | undefined
    getChild(name: string, namespace?: string): Element | undefined
    getChildren(name: string, namespace?: string): Element[]
    getChildText(name: string, namespace?: string): string | null
    getChildElements(): Element[]
    getText(): string
    append(...nodes: (Element | string)[]): void
    toString(): string
  }

  export const xml: {
    (name: string, attributes?: Attributes, ...children: (Element | string | undefined)[]): Element
    Element: new (name: string, attributes?: Attributes) => Element
  }

  /** Its class is what counts: the library calls the methods of the prototype. */
  interface Connection {
    /** Made with `new` and without arguments when the client connects. */
    Socket: unknown
    /** Made with `new` and without arguments when a stream begins. */
    Parser: unknown
  }

  type Transport = new () => Connection

  export interface Client extends EventEmitter {
    /** Milliseconds of the machine's time before it gives up to wait; 0: never. */
    timeout: number
    transports: Transport[]
    readonly reconnect: { stop(): void }
    /** Called with each child of the stream. */
    _onElement(element: Element): void
    /** Called with what comes over the wire. */
    _onData(text: string): void
    /** Called to end the stream with that error. */
    _streamError(condition: string): Promise<void>
    _findTransport(service: string): Transport | undefined
    connect(service: string): Promise<void>
    open(options: { domain: string }): Promise<Element>
    restart(): Promise<Element>
    send(element: Element): Promise<void>
  }

  export function client(options: { service: string; domain: string; username: string }): Client
}
