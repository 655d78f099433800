import { setTimeout } from 'node:timers/promises'
import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, granted } from '../../harness/conformance.ts'
import {
  type BindingRequest,
  type Endpoint,
  honest,
  StunServer,
  type UdpConnectionRequestOptions,
  udpConnectionRequest,
} from '../../harness/net/net.ts'
import type { Bench } from './asking.ts'

type Settings = Readonly<Record<string, string>>

/** An address of documentation (RFC 5737), as a NAT would show it to the outside. */
export const outside: Endpoint = { address: '203.0.113.7', port: 40_123 }

const types: Settings = {
  STUNEnable: 'xsd:boolean',
  STUNServerPort: 'xsd:unsignedInt',
  STUNMaximumKeepAlivePeriod: 'xsd:int',
  STUNMinimumKeepAlivePeriod: 'xsd:unsignedInt',
  PeriodicInformInterval: 'xsd:unsignedInt',
}

/** Starts a STUN server on the machine of the ACS and has the device use it; all is put back after the case. */
export async function enableStun(
  bench: Bench,
  { behaviour = honest, settings = {} }: { behaviour?: StunServer['behaviour']; settings?: Settings } = {},
): Promise<StunServer> {
  const { cpe, restore, signal } = bench
  const { host, publicHost } = cpe.profile.pixit.acs
  const server = await StunServer.listen({ host, transcript: cpe.transcript })
  restore(() => server.close())
  server.behaviour = behaviour
  const session = await cpe.openSession(signal)
  await configure(bench, session, {
    STUNServerAddress: publicHost ?? host,
    STUNServerPort: String(server.port),
    STUNUsername: '',
    STUNMinimumKeepAlivePeriod: '1',
    STUNMaximumKeepAlivePeriod: '3',
    ...settings,
    STUNEnable: '1',
  })
  await session.end()
  return server
}

/** Sets STUN parameters in a session, and puts back after the case what can be read. */
async function configure(bench: Bench, session: AcsSession, settings: Settings): Promise<void> {
  const path = (name: string) => `${bench.cpe.profile.cwmp.root}ManagementServer.${name}`
  const readable = Object.keys(settings).filter((name) => name !== 'STUNPassword')
  const before = granted(await session.call('GetParameterValues', { ParameterNames: readable.map(path) }))
  bench.restore(async () => {
    const later = await bench.cpe.openSession()
    const { ParameterList } = before
    granted(await later.call('SetParameterValues', { ParameterList, ParameterKey: '' }))
    await later.end()
  })
  await set(bench, session, settings)
}

/** Sets parameters of ManagementServer in a session of the case. */
export async function set(
  { cpe }: Pick<Bench, 'cpe'>,
  session: AcsSession,
  settings: Settings,
): Promise<void> {
  const ParameterList = Object.entries(settings).map(([name, Value]) => ({
    Name: `${cpe.profile.cwmp.root}ManagementServer.${name}`,
    Value,
    type: types[name] ?? 'xsd:string',
  }))
  granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'stun' }))
}

/** The next Binding Request from where the device takes connection requests. */
export function binding(
  { cpe, signal }: Pick<Bench, 'cpe' | 'signal'>,
  server: StunServer,
): Promise<BindingRequest> {
  return server.next({
    timeoutMs: cpe.profile.pixit.timing.informSeconds * 1000,
    where: (request) => request.isOfConnectionRequests && !request.isRepeated,
    signal,
  })
}

/** Reads a parameter of ManagementServer, for a while again and again, until it is as wanted. */
export async function reads(
  { cpe, signal }: Pick<Bench, 'cpe' | 'signal'>,
  name: string,
  wanted: readonly string[],
): Promise<void> {
  const Name = `${cpe.profile.cwmp.root}ManagementServer.${name}`
  const deadline = performance.now() + cpe.profile.pixit.timing.responseSeconds * 1000
  for (let pause = 50; ; pause *= 2) {
    const session = await cpe.openSession(signal)
    const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames: [Name] }))
    await session.end()
    const value = ParameterList[0]?.Value ?? ''
    if (wanted.includes(value)) return
    if (performance.now() + pause > deadline)
      throw new ConformanceFailure(
        wanted.map((each) => `${name} ${JSON.stringify(each)}`),
        JSON.stringify(value),
      )
    await setTimeout(pause, undefined, { signal })
  }
}

let lastTime = 0

/** A device that can be called by UDP, and the means to do so. */
export interface UdpCaller {
  readonly server: StunServer
  /** Where connection requests go. */
  readonly to: Endpoint
  /** A proper message but for what `wrong` says; each call makes a newer one. */
  message(wrong?: Partial<UdpConnectionRequestOptions>): Buffer
  /** Sends it from the port of the STUN server, through which a NAT lets it pass. */
  send(octets: Uint8Array): Promise<void>
}

/** Has the device find a STUN server, and tells how it can be called. It has no session open then. */
export async function callable(bench: Bench): Promise<UdpCaller> {
  const server = await enableStun(bench)
  const { from } = await binding(bench, server)
  return callerAt(bench, server, from)
}

/** Calls a device at that address. */
export function callerAt({ cpe }: Pick<Bench, 'cpe'>, server: StunServer, to: Endpoint): UdpCaller {
  const { connectionRequestUsername: username, connectionRequestPassword: password } =
    cpe.profile.pixit.credentials
  return {
    server,
    to,
    message(wrong) {
      // Each is newer than all before, also than those of another case.
      lastTime = Math.max(Math.floor(Date.now() / 1000), lastTime + 1)
      return udpConnectionRequest({
        to,
        username,
        password,
        ts: lastTime,
        id: lastTime % 1_000_000,
        ...wrong,
      })
    },
    send: (octets) => server.send(octets, to),
  }
}
