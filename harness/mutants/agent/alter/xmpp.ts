import type { Element } from '@xmpp/client'
import type { AgentParts } from '../../../../reference-agent/agent.ts'
import type { Device } from '../../../../reference-agent/services/services.ts'
import {
  XmppConnection,
  type XmppConnectionOptions,
  XmppConnectionRequests,
  type XmppConnectionRequestsOptions,
  XmppConnections,
  type XmppRetryParameters,
  XmppRetryPolicy,
  XmppStream,
  type XmppStreamOptions,
} from '../../../../reference-agent/xmpp/xmpp.ts'

/** Means to break the XMPP of the reference agent, from outside. */

export type Verdict = ReturnType<XmppConnectionRequests['answer']>

/** Puts a subclass in place of what judges the stanzas that come in. */
export function alterRequests(
  parts: AgentParts,
  subclass: (
    base: typeof XmppConnectionRequests,
  ) => new (
    options: XmppConnectionRequestsOptions,
  ) => XmppConnectionRequests,
): void {
  const Altered = subclass(XmppConnectionRequests)
  parts.createXmppConnectionRequests = (options) => new Altered(options)
}

/** Judges stanzas in another way; `properly` is the right one. */
export function alterAnswers(
  parts: AgentParts,
  judge: (stanza: Element, properly: (stanza: Element) => Verdict) => Verdict,
): void {
  alterRequests(
    parts,
    (Base) =>
      class extends Base {
        override answer(stanza: Element): Verdict {
          return judge(stanza, (one) => super.answer(one))
        }
      },
  )
}

/** Decides in another way who may ask. */
export function alterAllowed(
  parts: AgentParts,
  decide: (from: string, entries: readonly string[], properly: boolean) => boolean,
): void {
  alterRequests(
    parts,
    (Base) =>
      class extends Base {
        override isAllowed(from: string | undefined): boolean {
          return decide(from ?? '', this.options.allowedJabberIds(), super.isAllowed(from))
        }
      },
  )
}

/** Puts a subclass in place of one stream with the server. */
export function alterStream(
  parts: AgentParts,
  subclass: (base: typeof XmppStream) => new (options: XmppStreamOptions) => XmppStream,
): void {
  const Altered = subclass(XmppStream)
  parts.createXmppStream = (options) => new Altered(options)
}

/** Gives each stream other options. */
export function alterStreamOptions(
  parts: AgentParts,
  alter: (options: XmppStreamOptions) => Partial<XmppStreamOptions>,
): void {
  const { createXmppStream } = parts
  parts.createXmppStream = (options) => createXmppStream({ ...options, ...alter(options) })
}

/** Changes what is written on a stream. */
export function alterWritten(parts: AgentParts, alter: (text: string) => string): void {
  alterStream(
    parts,
    (Base) =>
      class extends Base {
        constructor(options: XmppStreamOptions) {
          super(options)
          const { wire } = this
          const write = wire.write.bind(wire)
          wire.write = (text, done) => write(alter(text), done)
        }
      },
  )
}

/** Changes what is read on a stream; undefined cuts the connection. */
export function alterRead(parts: AgentParts, alter: (text: string) => string | undefined): void {
  alterStream(
    parts,
    (Base) =>
      class extends Base {
        constructor(options: XmppStreamOptions) {
          super(options)
          const { wire } = this
          const emit = wire.emit.bind(wire) as (event: string, ...given: unknown[]) => boolean
          wire.emit = ((event: string, ...given: unknown[]) => {
            if (event !== 'data') return emit(event, ...given)
            const text = alter(String(given[0]))
            if (text === undefined) wire.destroy()
            return text === undefined || text === '' || emit(event, text)
          }) as typeof wire.emit
        }
      },
  )
}

/** Puts a subclass in place of what keeps a connection. */
export function alterConnection(
  parts: AgentParts,
  subclass: (base: typeof XmppConnection) => new (options: XmppConnectionOptions) => XmppConnection,
): void {
  const Altered = subclass(XmppConnection)
  parts.createXmppConnection = (options) => new Altered(options)
}

/** Waits for other times before it tries again, in milliseconds of the device. */
export function alterWaits(
  parts: AgentParts,
  wait: (attempt: number, parameters: XmppRetryParameters) => number,
): void {
  parts.createXmppRetryPolicy = (random, parameters) =>
    Object.assign(new XmppRetryPolicy(random, parameters), {
      waitBefore: (attempt: number) => wait(attempt, parameters()),
    })
}

/** Puts a subclass in place of the whole feature. */
export function alterConnections(
  parts: AgentParts,
  subclass: (base: typeof XmppConnections) => new (device: Device) => XmppConnections,
): void {
  const Altered = subclass(XmppConnections)
  parts.services.set('XmppConnections', (device) => new Altered(device))
}

/** Whether a stanza carries a connection request, whatever its namespace. */
export function isConnectionRequest(stanza: Element): boolean {
  return stanza.getChildElements().some((child) => /(^|:)connectionRequest$/.test(child.name))
}
