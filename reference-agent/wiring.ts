/** How the parts of one boot are connected to the outside: the wire, the connection request server, values that are computed when read. */
import { ConnectionRequestListener, NONCE_LIFETIME } from './connection-request/connection-request.ts'
import type { CpeSurroundings } from './cpe-surroundings.ts'
import type { ParameterTree } from './datamodel/datamodel.ts'
import { localDateTime } from './platform/platform.ts'
import { MANAGEMENT_SERVER, type ManagementServer } from './session/session.ts'
import type { Compression, Credentials, Dialer, Names, Transport } from './transport/transport.ts'

/** Octets of an HTTP response body, encoded or not, that are read at most: what an envelope may have (soap/xml.ts). */
const MAXIMUM_BODY = 3 * 1024 * 1024

/** The part of ResponseTimeout that a name or an address gets before it is given up. */
const IMPATIENCE = 1 / 3

/** What looks up all names for the device, each for so many device milliseconds at most: with its DNS server, and without IPv6 where that is switched off. */
export function createNames({ parts, options, clock }: CpeSurroundings, timeout: number): Names {
  return parts.createNames({ clock, server: options.dnsServer, timeout, ipv4Only: options.ipv4Only })
}

/** What connects to servers, for as long as one session or one transfer lasts. */
export function createDialer(surroundings: CpeSurroundings): Dialer {
  const { parts, options, clock, log } = surroundings
  const timeout = options.responseTimeout * 1000 * IMPATIENCE
  return parts.createDialer({
    clock,
    log: log.about('transport'),
    names: createNames(surroundings, timeout),
    connectTimeout: timeout,
    trustedCa: options.trustedCa,
    insecure: options.insecureTls,
    clientCertificate: options.clientCertificate,
  })
}

/** The wire of one session with the ACS at a URL. */
export function createTransport(
  surroundings: CpeSurroundings,
  { url, credentials, compression }: { url: URL; credentials: Credentials; compression: Compression },
): Transport {
  const { parts, options, clock, log } = surroundings
  return parts.createTransport({
    url,
    connection: parts.createConnection({
      clock,
      dialer: createDialer(surroundings),
      responseTimeout: options.responseTimeout * 1000,
      maximumBody: MAXIMUM_BODY,
    }),
    exchange: parts.exchange,
    cookies: parts.createCookieJar(clock),
    authenticator: parts.createAuthenticator(credentials, parts.random),
    compression,
    redirectTarget: parts.redirectTarget,
    maximumBody: MAXIMUM_BODY,
    log: log.about('transport'),
  })
}

/** The connection request server of a device that takes requests while it `hears` them; `requested` is called after each accepted one, `moved` when its URL may have changed. */
export function createListener(
  surroundings: CpeSurroundings,
  managementServer: ManagementServer,
  { hears, requested, moved }: { hears(): boolean; requested(): void; moved(): void },
): ConnectionRequestListener {
  const { parts, options, store, clock } = surroundings
  const log = surroundings.log.about('connection request')
  return new ConnectionRequestListener({
    store,
    random: parts.random,
    log,
    port: options.connectionRequestPort,
    path: options.connectionRequestPath,
    createServer: ({ port, path }) =>
      parts.createConnectionRequestServer({
        host: options.connectionRequestHost,
        port,
        path,
        verifier: parts.createDigestVerifier({
          credentials: () => managementServer.connectionRequestCredentials,
          clock,
          random: parts.random,
          realm: 'cwmp-reference-agent',
          // However fast the device's clock, its ACS has so much of its own time to answer the challenge.
          nonceLifetime: NONCE_LIFETIME * Math.max(1, options.clockRate),
        }),
        clock,
        log,
        enabled: () => managementServer.enableCwmp && hears(),
        requested,
      }),
    wanted: () => managementServer.httpConnectionRequestEnable,
    moved,
    fellBack: (port) => rememberPort(surroundings, port),
  })
}

/** Writes the port into the configuration where that has said another one, so that the ACS need not be told of a new URL at the next start. */
function rememberPort({ options, log }: CpeSurroundings, port: number): void {
  const { configuration, connectionRequestPort } = options
  if (configuration?.get('cpe.port') !== String(connectionRequestPort)) return
  try {
    configuration.writeOption('cpe.port', String(port))
  } catch (error) {
    log.about('configuration').warning(`${configuration.path} cannot be written: ${(error as Error).message}`)
  }
}

/** Gives parameters whose value is not in the store what they read. */
export function provideLiveValues(
  tree: ParameterTree,
  { options, clock }: CpeSurroundings,
  device: { connectionRequestUrl(): string; upTime(): number },
): void {
  const live: Record<string, (() => string) | undefined> = {
    [`${MANAGEMENT_SERVER}ConnectionRequestURL`]: () => device.connectionRequestUrl(),
    'Device.DeviceInfo.UpTime': () => String(device.upTime()),
    'Device.Time.CurrentLocalTime': () => localDateTime(clock.now()),
    'Device.DeviceInfo.SerialNumber': constant(options.serialNumber),
    'Device.DeviceInfo.ManufacturerOUI': constant(options.oui),
    'Device.DeviceInfo.ProductClass': constant(options.productClass),
  }
  for (const [path, value] of Object.entries(live)) {
    // A data model of somebody else's need not have them all.
    if (value && tree.get(path)) tree.provide(path, value)
  }
}

function constant(value: string | undefined): (() => string) | undefined {
  return value === undefined ? undefined : () => value
}
