/** Device.XMPP and connection requests over it (TR-069 Annex K). */
import type { Element } from '@xmpp/client'
import type { ParameterChange } from '../datamodel/datamodel.ts'
import { type Log, localDateTime } from '../platform/platform.ts'
import type { CpeService, Device } from '../services/service.ts'
import { ManagementServer } from '../session/session.ts'
import type { XmppAccount, XmppConnection } from './connection.ts'
import type { XmppConnectionRequests } from './connection-requests.ts'
import { logLevelOf } from './options.ts'
import { ALLOWED, CONNECTIONS, OWN_JID, REFERENCE } from './paths.ts'
import type { XmppHost } from './servers.ts'

/** The part of ResponseTimeout that a name gets before it counts as unknown. */
const IMPATIENCE = 1 / 3

/** The part of ResponseTimeout that a server gets to let the device in. */
const LOGIN_PART = 1 / 2

const LIVE = ['Status', 'LastChangeDate', 'TLSEstablished'] as const

/** One row of Device.XMPP.Connection.{i}. */
interface Entry {
  readonly requests: XmppConnectionRequests
  connection: XmppConnection | undefined
  /** What the connection was made for. */
  account: string
  shown: Record<(typeof LIVE)[number], string>
  readonly statistics: {
    received: number
    transmitted: number
    receivedErrors: number
    transmittedErrors: number
  }
}

export class XmppConnections implements CpeService {
  protected readonly device: Device
  readonly #log: Log
  readonly #managementServer: ManagementServer
  /** By the path of the row. */
  readonly #entries = new Map<string, Entry>()
  #work: Promise<void> = Promise.resolve()
  #isDue = false
  #stopped = false

  constructor(device: Device) {
    this.device = device
    this.#log = device.log.about('XMPP', logLevelOf(device.options.configuration?.xmpp))
    this.#managementServer = new ManagementServer(device.tree)
  }

  start(): void {
    this.#adapt()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#work
    await Promise.all([...this.#entries.values()].map(({ connection }) => connection?.stop()))
  }

  changed({ path, cause }: ParameterChange): void {
    if (path === REFERENCE) this.#tellOwnJid()
    if (!path.startsWith(CONNECTIONS) || LIVE.some((name) => path.endsWith(`.${name}`))) return
    if (path.endsWith('.JabberID') && cause === 'local') return
    if (path.endsWith('.KeepAliveInterval')) this.#entries.get(rowOf(path))?.connection?.keepAliveChanged()
    // A transaction has many changes and one outcome.
    if (this.#isDue) return
    this.#isDue = true
    queueMicrotask(() => this.#adapt())
  }

  /** Whether a row of Device.XMPP.Connection.{i} is the one for connection requests. */
  protected isReferred(row: string): boolean {
    return `${this.text(REFERENCE)}.` === row
  }

  /** A stanza has come in on the connection of a row. */
  protected received(row: string, stanza: Element): void {
    const entry = this.#entries.get(row)
    if (!entry) return
    const { statistics, requests, connection } = entry
    statistics.received++
    if (stanza.attrs.type === 'error') statistics.receivedErrors++
    const { answer, requested } = requests.answer(stanza)
    if (!answer) return
    statistics.transmitted++
    if (answer.attrs.type === 'error') statistics.transmittedErrors++
    const sent = connection?.send(answer) ?? Promise.resolve()
    // The answer comes first, the session after it.
    sent.then(
      () => requested && this.device.occurred('6 CONNECTION REQUEST'),
      (error: Error) => this.#log.notice(`no answer: ${error.message}`),
    )
  }

  /** What the parameters of a row say about its connection; undefined when it is disabled. */
  protected account(row: string): XmppAccount | undefined {
    const value = (name: string) => this.text(row + name)
    if (value('Enable') !== 'true') return undefined
    const algorithm = value('ServerConnectAlgorithm')
    return {
      domain: value('Domain'),
      credentials: { username: value('Username'), password: value('Password') },
      resource: value('Resource'),
      useTls: value('UseTLS') === 'true',
      algorithm,
      servers: algorithm === 'ServerTable' ? this.servers(row) : [],
    }
  }

  protected servers(row: string): XmppHost[] {
    const enabled = this.device.tree
      .rows(`${row}Server.`)
      .filter((each) => this.text(`${each}Enable`) === 'true')
    return enabled.map((each) => ({
      host: this.text(`${each}ServerAddress`),
      port: Number(this.text(`${each}Port`)) || 5222,
      priority: Number(this.text(`${each}Priority`)),
      weight: Number(this.text(`${each}Weight`)),
    }))
  }

  protected text(path: string): string {
    return this.device.tree.get(path)?.value ?? ''
  }

  /** Has the connections that the data model wants. */
  #adapt(): void {
    this.#isDue = false
    this.#work = this.#work.then(() => this.#adaptAll())
  }

  async #adaptAll(): Promise<void> {
    if (this.#stopped) return
    const rows = this.device.tree.rows(CONNECTIONS)
    for (const row of rows) await this.#adaptRow(row)
    for (const [row, { connection }] of this.#entries) {
      if (rows.includes(row)) continue
      this.#entries.delete(row)
      await connection?.stop()
    }
    this.#tellOwnJid()
  }

  async #adaptRow(row: string): Promise<void> {
    const entry = this.#entries.get(row) ?? this.#newEntry(row)
    const account = this.account(row)
    const wanted = account === undefined ? '' : JSON.stringify(account)
    if (wanted === entry.account) return
    entry.account = wanted
    const old = entry.connection
    entry.connection = undefined
    // Never two at a time.
    await old?.stop()
    if (account && !this.#stopped) {
      entry.connection = this.#connect(row, account)
      entry.connection.start()
    }
    this.#show(row)
  }

  #newEntry(row: string): Entry {
    const { tree, parts, clock } = this.device
    const entry: Entry = {
      requests: parts.createXmppConnectionRequests({
        clock,
        log: this.#log,
        credentials: () => this.#managementServer.connectionRequestCredentials,
        allowedJabberIds: () => itemsOf(this.text(ALLOWED)),
        isEnabled: () =>
          this.#managementServer.enableCwmp && this.device.hearsConnectionRequests && this.isReferred(row),
        jid: () => this.text(`${row}JabberID`),
      }),
      connection: undefined,
      account: '',
      shown: { Status: 'Disabled', LastChangeDate: localDateTime(clock.now()), TLSEstablished: 'false' },
      statistics: { received: 0, transmitted: 0, receivedErrors: 0, transmittedErrors: 0 },
    }
    this.#entries.set(row, entry)
    for (const name of LIVE) tree.provide(row + name, () => entry.shown[name])
    const { statistics } = entry
    const counters = {
      ReceivedMessages: () => statistics.received,
      TransmittedMessages: () => statistics.transmitted,
      ReceivedErrorMessages: () => statistics.receivedErrors,
      TransmittedErrorMessages: () => statistics.transmittedErrors,
    }
    for (const [name, count] of Object.entries(counters))
      tree.provide(`${row}Stats.${name}`, () => String(count()))
    return entry
  }

  #connect(row: string, account: XmppAccount): XmppConnection {
    const { parts, clock, options } = this.device
    const { random } = parts
    const number = (name: string) => Number(this.text(row + name))
    const patience = options.responseTimeout * 1000
    const names = this.device.createNames(patience * IMPATIENCE)
    this.#log.mask(account.credentials.password)
    return parts.createXmppConnection({
      account,
      clock,
      random,
      log: this.#log,
      servers: parts.createXmppServers({ names, random }),
      retry: parts.createXmppRetryPolicy(random, () => ({
        attempts: number('ServerConnectAttempts'),
        initialInterval: number('ServerRetryInitialInterval'),
        intervalMultiplier: number('ServerRetryIntervalMultiplier'),
        maxInterval: number('ServerRetryMaxInterval'),
      })),
      createDialer: () => this.device.createDialer(),
      createStream: (stream) => parts.createXmppStream(stream),
      keepAliveInterval: () => number('KeepAliveInterval'),
      patience: patience * LOGIN_PART,
      bound: (jid) => this.#bound(row, jid),
      changed: () => this.#show(row),
      received: (stanza) => this.received(row, stanza),
    })
  }

  #bound(row: string, jid: string): void {
    const { tree } = this.device
    if (this.text(`${row}JabberID`) !== jid) tree.setLocally(`${row}JabberID`, jid)
    this.#tellOwnJid()
  }

  /** ConnReqJabberID: of the connection for connection requests, also while that is lost; empty when there is none. */
  #tellOwnJid(): void {
    const { tree } = this.device
    if (!tree.get(OWN_JID)) return
    const reference = this.text(REFERENCE)
    const isEnabled = reference !== '' && this.text(`${reference}.Enable`) === 'true'
    const jid = isEnabled ? this.text(`${reference}.JabberID`) : ''
    if (this.text(OWN_JID) !== jid) tree.setLocally(OWN_JID, jid)
  }

  /** Takes over what a connection says of itself. */
  #show(row: string): void {
    const entry = this.#entries.get(row)
    const { tree, clock } = this.device
    if (!entry || this.#stopped || !tree.get(`${row}Status`)) return
    const { connection, shown } = entry
    const status = connection?.status ?? 'Disabled'
    const news = {
      Status: status,
      LastChangeDate: status === shown.Status ? shown.LastChangeDate : localDateTime(clock.now()),
      TLSEstablished: String(connection?.isSecure ?? false),
    }
    const changed = LIVE.filter((name) => news[name] !== shown[name])
    entry.shown = news
    for (const name of changed) tree.touch(row + name)
  }
}

/** The row of Device.XMPP.Connection.{i} that a path belongs to. */
function rowOf(path: string): string {
  return `${path.split('.').slice(0, 4).join('.')}.`
}

/** Items of a list, in which a comma, a blank or a percent sign of the item itself is escaped (TR-106 3.2.3). */
function itemsOf(list: string): string[] {
  if (list.trim() === '') return []
  return list
    .split(',')
    .map((item) => item.trim().replace(/%(2c|20|25)/gi, (escaped) => decodeURIComponent(escaped)))
}
