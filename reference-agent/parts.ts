/** Everything the agent is made of. Each part can be replaced from outside, so that no rule needs a switch inside. */
import {
  ConnectionRequestServer,
  type ConnectionRequestServerOptions,
  DigestVerifier,
  type DigestVerifierOptions,
} from './connection-request/connection-request.ts'
import { Cpe, type CpeSurroundings } from './cpe.ts'
import { device2, type ObjectDefinition, ParameterTree, Rules } from './datamodel/datamodel.ts'
import { sendDatagram } from './notification/notification.ts'
import { type Clock, type Log, type Random, SystemClock, systemRandom } from './platform/platform.ts'
import { type RpcHandler, standardRpcs } from './rpc/rpc.ts'
import { type ServiceFactory, standardServices } from './services/services.ts'
import {
  buildInform,
  EventQueue,
  eventsOfInform,
  PeriodicInform,
  type PeriodicInformSettings,
  type RetryParameters,
  RetryPolicy,
  type SchedulerOptions,
  Session,
  type SessionContext,
  SessionScheduler,
} from './session/session.ts'
import { buildEnvelope, parseEnvelope } from './soap/soap.ts'
import { FileStateStore, type StateStore } from './state/state.ts'
import { createFileClient, type FileClient, type FileClientOptions } from './transfer/transfer.ts'
import {
  Authenticator,
  Compression,
  type ConnectionOptions,
  CookieJar,
  type Credentials,
  Dialer,
  type DialerOptions,
  exchange,
  HttpConnection,
  Names,
  type NamesOptions,
  redirectTarget,
  Transport,
  type TransportParts,
} from './transport/transport.ts'
import {
  XmppConnection,
  type XmppConnectionOptions,
  XmppConnectionRequests,
  type XmppConnectionRequestsOptions,
  type XmppRetryParameters,
  XmppRetryPolicy,
  XmppServers,
  type XmppServersOptions,
  XmppStream,
  type XmppStreamOptions,
} from './xmpp/xmpp.ts'

export interface AgentParts {
  /** A clock that shows `start` now, in device milliseconds, if the device knows the time. */
  createClock(rate: number, start: number | 'unknown'): Clock
  random: Random
  /** The data model. */
  objects: readonly ObjectDefinition[]
  createStore(directory: string, log: Log): StateStore
  rules: Rules
  createTree(objects: readonly ObjectDefinition[], store: StateStore, rules: Rules): ParameterTree
  /** RPCs by name; GetRPCMethods lists the names. */
  rpcs: Map<string, RpcHandler>
  /** Features of the device, by name. */
  services: Map<string, ServiceFactory>

  createCpe(surroundings: CpeSurroundings): Cpe
  createEventQueue(store: StateStore): EventQueue
  createRetryPolicy(store: StateStore, random: Random, parameters: () => RetryParameters): RetryPolicy
  createPeriodicInform(clock: Clock, settings: () => PeriodicInformSettings, due: () => void): PeriodicInform
  createScheduler(options: SchedulerOptions): SessionScheduler
  createSession(context: SessionContext): Session
  eventsOfInform: typeof eventsOfInform
  buildInform: typeof buildInform
  parseEnvelope: typeof parseEnvelope
  buildEnvelope: typeof buildEnvelope

  createTransport(parts: TransportParts): Transport
  createNames(options: NamesOptions): Names
  createDialer(options: DialerOptions): Dialer
  createConnection(options: ConnectionOptions): HttpConnection
  createCookieJar(clock: Clock): CookieJar
  createAuthenticator(credentials: Credentials, random: Random): Authenticator
  /** Of what is sent, for one boot; `setting` gives HTTPCompression. */
  createCompression(setting: () => string): Compression
  redirectTarget: typeof redirectTarget
  /** Every HTTP round trip with the ACS goes through here. */
  exchange: typeof exchange

  /** What fetches and stores files, by protocol as in a URL: `http:`. */
  createFileClient(protocol: string, options: FileClientOptions): FileClient

  /** Every lightweight notification goes through here. */
  sendDatagram: typeof sendDatagram

  createDigestVerifier(options: DigestVerifierOptions): DigestVerifier
  createConnectionRequestServer(options: ConnectionRequestServerOptions): ConnectionRequestServer

  /** Judges what comes in over XMPP. */
  createXmppConnectionRequests(options: XmppConnectionRequestsOptions): XmppConnectionRequests
  createXmppConnection(options: XmppConnectionOptions): XmppConnection
  /** Every stanza goes through a stream, both ways. */
  createXmppStream(options: XmppStreamOptions): XmppStream
  createXmppRetryPolicy(random: Random, parameters: () => XmppRetryParameters): XmppRetryPolicy
  createXmppServers(options: XmppServersOptions): XmppServers
}

/** The parts of a conforming agent. */
export function defaultParts(): AgentParts {
  return {
    createClock: (rate, start) => new SystemClock(rate, start),
    random: systemRandom,
    objects: device2,
    createStore: (directory, log) => new FileStateStore(directory, log),
    rules: new Rules(),
    createTree: (objects, store, rules) => new ParameterTree(objects, store, rules),
    rpcs: standardRpcs(),
    services: standardServices(),
    createCpe: (surroundings) => new Cpe(surroundings),
    createEventQueue: (store) => new EventQueue(store),
    createRetryPolicy: (store, random, parameters) => new RetryPolicy(store, random, parameters),
    createPeriodicInform: (clock, settings, due) => new PeriodicInform(clock, settings, due),
    createScheduler: (options) => new SessionScheduler(options),
    createSession: (context) => new Session(context),
    eventsOfInform,
    buildInform,
    parseEnvelope,
    buildEnvelope,
    createTransport: (parts) => new Transport(parts),
    createNames: (options) => new Names(options),
    createDialer: (options) => new Dialer(options),
    createConnection: (options) => new HttpConnection(options),
    createCookieJar: (clock) => new CookieJar(clock),
    createAuthenticator: (credentials, random) => new Authenticator(credentials, random),
    createCompression: (setting) => new Compression(setting),
    redirectTarget,
    exchange,
    createFileClient,
    sendDatagram,
    createDigestVerifier: (options) => new DigestVerifier(options),
    createConnectionRequestServer: (options) => new ConnectionRequestServer(options),
    createXmppConnectionRequests: (options) => new XmppConnectionRequests(options),
    createXmppConnection: (options) => new XmppConnection(options),
    createXmppStream: (options) => new XmppStream(options),
    createXmppRetryPolicy: (random, parameters) => new XmppRetryPolicy(random, parameters),
    createXmppServers: (options) => new XmppServers(options),
  }
}
