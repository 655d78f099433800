import { HarnessError } from '../../failure.ts'
import { namespaces, type StreamEvent, type XmppAddress } from '../../xmpp/xmpp.ts'
import type { Facts, Seen } from './comparison.ts'
import { XmppCaller } from './xmpp-caller.ts'
import { streamFacts } from './xmpp-facts.ts'

const { BIND, CONNECTION_REQUEST, PING, ROSTER, SASL, SESSION, TLS } = namespaces

/** Accounts that the server has to have, with their passwords. */
export const accounts = { cpe: 'a password of the CPE', acs: 'a password of the ACS' } as const

/** Callers of one exchange; all are gone after it. */
class Callers {
  readonly #address: XmppAddress
  readonly #all: XmppCaller[] = []

  constructor(address: XmppAddress) {
    this.#address = address
  }

  get domain(): string {
    return this.#address.domain
  }

  async fresh(): Promise<XmppCaller> {
    const caller = await XmppCaller.connect(this.#address)
    this.#all.push(caller)
    return caller
  }

  async secured(): Promise<XmppCaller> {
    return (await this.fresh()).openSecured()
  }

  async loggedIn(username: keyof typeof accounts = 'cpe'): Promise<XmppCaller> {
    return (await this.fresh()).logIn(username, accounts[username])
  }

  async online(username: keyof typeof accounts = 'cpe', resource = 'box'): Promise<XmppCaller> {
    const caller = await this.loggedIn(username)
    await caller.bind(resource)
    return caller
  }

  destroy(): void {
    for (const caller of this.#all) caller.destroy()
  }
}

type Run = (callers: Callers) => Promise<readonly StreamEvent[] | Readonly<Record<string, Facts>>>

/** A request that a client sends when it is alone and online. */
function alone(text: (domain: string) => string): Run {
  return async (callers) => (await callers.online()).hear(text(callers.domain))
}

const request = `<connectionRequest xmlns="${CONNECTION_REQUEST}"><username>u</username><password>p</password></connectionRequest>`
const toWhom = (to: string, type = 'get') => `<iq type="${type}" id="one" to="${to}">${request}</iq>`

/** The fixed list, by name. */
const exchanges: Readonly<Record<string, Run>> = {
  'a stream in the clear': async (callers) => (await callers.fresh()).open(),
  'a stream to another domain': async (callers) => (await callers.fresh()).open({ to: 'elsewhere.example' }),
  'a stream of another namespace': async (callers) =>
    (await callers.fresh()).open({ 'xmlns:stream': 'http://elsewhere.example/streams' }),
  'a login in the clear': async (callers) => {
    const caller = await callers.fresh()
    await caller.open()
    return caller.plain('cpe', accounts.cpe)
  },
  'a stanza in the clear': async (callers) => {
    const caller = await callers.fresh()
    await caller.open()
    caller.send(`<presence/><starttls xmlns="${TLS}"/>`)
    return caller.takeUntil('proceed')
  },
  TLS: async (callers) => {
    const caller = await callers.fresh()
    await caller.open()
    const { events, tls } = await caller.secure()
    return { before: streamFacts(events), handshake: { version: tls } }
  },
  'a stream in TLS': async (callers) => {
    const caller = await callers.fresh()
    await caller.open()
    await caller.secure()
    return caller.open()
  },
  'TLS in TLS': async (callers) => {
    const caller = await callers.secured()
    caller.send(`<starttls xmlns="${TLS}"/>`)
    return caller.takeRest()
  },
  'a login by PLAIN': async (callers) => (await callers.secured()).plain('cpe', accounts.cpe),
  'a login by PLAIN with a wrong password': async (callers) =>
    (await callers.secured()).plain('cpe', 'wrong'),
  'a login by PLAIN of nobody': async (callers) => (await callers.secured()).plain('nobody', 'anything'),
  'a login by SCRAM-SHA-1': async (callers) =>
    (await callers.secured()).scram('SCRAM-SHA-1', 'cpe', accounts.cpe),
  'a login by SCRAM-SHA-1 with a wrong password': async (callers) =>
    (await callers.secured()).scram('SCRAM-SHA-1', 'cpe', 'wrong'),
  'a login by SCRAM-SHA-1 of nobody': async (callers) =>
    (await callers.secured()).scram('SCRAM-SHA-1', 'nobody', 'anything'),
  'a login by a mechanism that nobody knows': async (callers) =>
    (await callers.secured()).auth('X-NOBODY-KNOWS', '='),
  'a login that is no Base64': async (callers) => (await callers.secured()).auth('PLAIN', 'not * base64'),
  'a login without its parts': async (callers) => (await callers.secured()).auth('PLAIN', 'b25lIHdvcmQ='),
  'a login that is given up': async (callers) => {
    const caller = await callers.secured()
    await caller.auth('SCRAM-SHA-1', Buffer.from('n,,n=cpe,r=nonce').toString('base64'))
    caller.send(`<abort xmlns="${SASL}"/>`)
    return caller.take(1)
  },
  'a login after one that failed': async (callers) => {
    const caller = await callers.secured()
    await caller.plain('cpe', 'wrong')
    return caller.plain('cpe', accounts.cpe)
  },
  'a stanza before the login': async (callers) => {
    const caller = await callers.secured()
    caller.send(`<presence/><auth xmlns="${SASL}" mechanism="X-NOBODY-KNOWS">=</auth>`)
    return caller.takeUntil('failure')
  },
  'a stream after the login': async (callers) => {
    const caller = await callers.secured()
    await caller.plain('cpe', accounts.cpe)
    return caller.open()
  },
  'a stanza before there is a resource': async (callers) => {
    const caller = await callers.loggedIn()
    caller.send(toWhom(callers.domain))
    return caller.take(1)
  },
  'a resource of its own choice': async (callers) => (await callers.loggedIn()).bind('box'),
  'a resource of the choice of the server': async (callers) => {
    const facts = streamFacts(await (await callers.loggedIn()).bind())
    const jid = 'iq/bind/jid text'
    return { answer: { ...facts, [jid]: (facts[jid] ?? '').replace(/\/.+$/, '/…') } }
  },
  'a resource that another connection has': async (callers) => {
    const older = await callers.online()
    const newer = await callers.loggedIn()
    const bound = await newer.bind('box')
    return { newer: streamFacts(bound), older: streamFacts(await older.hear('')) }
  },
  'a second resource': async (callers) =>
    (await callers.online()).hear(
      `<iq type="set" id="two"><bind xmlns="${BIND}"><resource>other</resource></bind></iq>`,
    ),
  'the old session': alone(() => `<iq type="set" id="one"><session xmlns="${SESSION}"/></iq>`),
  'the first presence': alone(() => '<presence/>'),
  'the presence of another resource': async (callers) => {
    const older = await callers.online('cpe', 'older')
    await older.hear('<presence/>')
    const newer = await callers.online('cpe', 'newer')
    await newer.hear('<presence/>')
    return older.hear('')
  },
  'a ping of the server': alone(
    (domain) => `<iq type="get" id="one" to="${domain}"><ping xmlns="${PING}"/></iq>`,
  ),
  'a ping of the own account': alone(() => `<iq type="get" id="one"><ping xmlns="${PING}"/></iq>`),
  'the roster': alone(() => `<iq type="get" id="one"><query xmlns="${ROSTER}"/></iq>`),
  'what nobody knows, of the server': alone(toWhom),
  'what nobody knows, of the own account': alone((domain) => toWhom(`cpe@${domain}`)),
  'a request to set something, of the server': alone((domain) => toWhom(domain, 'set')),
  'a request to a resource that is not there': alone((domain) => toWhom(`acs@${domain}/away`)),
  'a request to an account without a resource': alone((domain) => toWhom(`acs@${domain}`)),
  'a request to nobody': alone((domain) => toWhom(`nobody@${domain}/at-all`)),
  'a request to another domain': alone(() => toWhom('cpe@elsewhere.example/box')),
  'an answer to nobody': alone((domain) => toWhom(`nobody@${domain}/at-all`, 'result')),
  'an error to nobody': alone((domain) => toWhom(`nobody@${domain}/at-all`, 'error')),
  'a message to nobody': alone(
    (domain) => `<message id="one" to="nobody@${domain}"><body>hello</body></message>`,
  ),
  'a request of a type that there is not': alone((domain) => toWhom(domain, 'ask')),
  'a request without an id': alone((domain) => `<iq type="get" to="${domain}"><ping xmlns="${PING}"/></iq>`),
  'a request in the name of somebody else': alone(
    (domain) => `<iq type="get" id="one" from="acs@${domain}/one"><ping xmlns="${PING}"/></iq>`,
  ),
  'a request from client to client, and its answer': async (callers) => {
    const acs = await callers.online('acs', 'one')
    const cpe = await callers.online()
    acs.send(toWhom(`cpe@${callers.domain}/box`))
    const asked = await cpe.take(1)
    cpe.send(`<iq type="result" id="one" to="acs@${callers.domain}/one"/>`)
    return { asked: streamFacts(asked), answered: streamFacts(await acs.take(1)) }
  },
  'a request from client to client, and an error': async (callers) => {
    const acs = await callers.online('acs', 'one')
    const cpe = await callers.online()
    acs.send(toWhom(`cpe@${callers.domain}/box`))
    await cpe.take(1)
    cpe.send(
      `<iq type="error" id="one" to="acs@${callers.domain}/one">${request}<error type="cancel"><not-authorized xmlns="${namespaces.STANZAS}"/></error></iq>`,
    )
    return acs.take(1)
  },
  'a request to whoever has just gone': async (callers) => {
    const acs = await callers.online('acs', 'one')
    const cpe = await callers.online()
    cpe.send('</stream:stream>')
    await cpe.takeRest()
    return acs.hear(toWhom(`cpe@${callers.domain}/box`))
  },
  'white space': alone(() => ' \n '),
  'an element that is no stanza': alone(() => '<greeting/>'),
  'the wish for a stream that can be resumed': alone(() => '<enable xmlns="urn:xmpp:sm:3" resume="true"/>'),
  'XML that is not well-formed': alone(() => '<iq type="get" id=one/>'),
  'a comment': alone(() => '<!-- hello -->'),
  'a stanza of 300 KiB': alone(
    (domain) =>
      `<iq type="get" id="one" to="${domain}"><big xmlns="urn:example:big">${'x'.repeat(300 << 10)}</big></iq>`,
  ),
  'the end of the stream': async (callers) => {
    const caller = await callers.online()
    caller.send('</stream:stream>')
    return caller.takeRest()
  },
  'the end of a stream in the clear': async (callers) => {
    const caller = await callers.fresh()
    await caller.open()
    caller.send('</stream:stream>')
    return caller.takeRest()
  },
}

/**
 * Has all exchanges take place, one after the other. The server has to have `accounts`.
 * @throws HarnessError naming the exchange that the server leaves without an answer
 */
export async function seenOfXmpp(address: XmppAddress): Promise<Seen> {
  const seen = new Map<string, Facts>()
  for (const [name, run] of Object.entries(exchanges)) {
    const callers = new Callers(address)
    try {
      const outcome = await run(callers)
      seen.set(name, Array.isArray(outcome) ? streamFacts(outcome) : flat(outcome as Record<string, Facts>))
    } catch (error) {
      throw new HarnessError(`${name}: ${(error as Error).message}`)
    } finally {
      callers.destroy()
    }
  }
  return seen
}

/** Facts of several at once, each with the name of whoever saw it before it. */
function flat(facts: Readonly<Record<string, Facts>>): Facts {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([who, seen]) =>
      Object.entries(seen).map(([fact, value]) => [`${who}: ${fact}`, value]),
    ),
  )
}
