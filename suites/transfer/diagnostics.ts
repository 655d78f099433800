import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted } from '../../harness/conformance.ts'
import {
  type CwmpFault,
  isFault,
  type ParameterValueStruct,
  type RequestOf,
  type ResponseOf,
} from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import type { Bench } from './bench.ts'

/** A diagnostic: the object that asks for it and has its results. */
export type Diagnostic = 'IPPing' | 'TraceRoute' | 'Download' | 'Upload' | 'NSLookup' | 'UDPEcho'

const places: Readonly<Record<Diagnostic, { readonly device2: string; readonly gateway: string }>> = {
  IPPing: { device2: 'IP.Diagnostics.IPPing.', gateway: 'IPPingDiagnostics.' },
  TraceRoute: { device2: 'IP.Diagnostics.TraceRoute.', gateway: 'TraceRouteDiagnostics.' },
  Download: { device2: 'IP.Diagnostics.DownloadDiagnostics.', gateway: 'DownloadDiagnostics.' },
  Upload: { device2: 'IP.Diagnostics.UploadDiagnostics.', gateway: 'UploadDiagnostics.' },
  NSLookup: { device2: 'DNS.Diagnostics.NSLookupDiagnostics.', gateway: 'NSLookupDiagnostics.' },
  UDPEcho: { device2: 'IP.Diagnostics.UDPEchoConfig.', gateway: 'UDPEchoConfig.' },
}

/** The object of a diagnostic in the data model of this device, with a dot at the end. */
export function objectOf({ profile }: TestBed, diagnostic: Diagnostic): string {
  const { root } = profile.cwmp
  return `${root}${places[diagnostic][root === 'Device.' ? 'device2' : 'gateway']}`
}

/** Test parameters by name; numbers are unsignedInt, truth values boolean, texts string. */
export type Settings = Readonly<Record<string, string | number | boolean>>

/** The values for SetParameterValues. */
export function valuesOf(cpe: TestBed, diagnostic: Diagnostic, settings: Settings): ParameterValueStruct[] {
  const types = { string: 'xsd:string', number: 'xsd:unsignedInt', boolean: 'xsd:boolean' } as const
  return Object.entries(settings).map(([name, value]) => ({
    Name: `${objectOf(cpe, diagnostic)}${name}`,
    Value: String(value),
    type: types[typeof value as keyof typeof types],
  }))
}

/** Asks for a test in one SetParameterValues, DiagnosticsState last. */
export async function request(
  { cpe, session }: Pick<Bench, 'cpe' | 'session'>,
  diagnostic: Diagnostic,
  settings: Settings,
): Promise<ResponseOf<'SetParameterValues'> | CwmpFault> {
  const values = valuesOf(cpe, diagnostic, { ...settings, DiagnosticsState: 'Requested' })
  // Data models have grown: TestFileLength was an unsignedInt once and is an unsignedLong now.
  const ParameterNames = [objectOf(cpe, diagnostic)]
  const present = await session.call('GetParameterValues', { ParameterNames })
  const types = new Map(isFault(present) ? [] : present.ParameterList.map(({ Name, type }) => [Name, type]))
  const ParameterList = values.map((value) => ({ ...value, type: types.get(value.Name) || value.type }))
  return session.call('SetParameterValues', { ParameterList, ParameterKey: 'diagnostics' })
}

export function tellsDiagnostics({ Event }: RequestOf<'Inform'>): boolean {
  return Event.some(({ EventCode }) => EventCode === '8 DIAGNOSTICS COMPLETE')
}

/** Runs a test and returns the session in which the device tells its end. @throws DeviceSilent when none comes in time */
export async function run(bench: Bench, diagnostic: Diagnostic, settings: Settings): Promise<AcsSession> {
  granted(await request(bench, diagnostic, settings))
  await bench.session.end()
  return toldEnd(bench)
}

/** The session in which the device tells the end of a diagnostic. */
export function toldEnd({ cpe, signal }: Pick<Bench, 'cpe' | 'signal'>): Promise<AcsSession> {
  const timeoutMs = cpe.profile.pixit.timing.diagnosticsSeconds * 1000
  return cpe.nextSession({ where: tellsDiagnostics, timeoutMs, signal })
}

/** Values below the object of a diagnostic, by their names without its path. */
export async function results(
  { cpe, session }: Pick<Bench, 'cpe' | 'session'>,
  diagnostic: Diagnostic,
): Promise<ReadonlyMap<string, string>> {
  const path = objectOf(cpe, diagnostic)
  const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  return new Map(ParameterList.map(({ Name, Value }) => [Name.slice(path.length), Value]))
}

/** DiagnosticsState as it reads now. */
export async function stateOf(
  bench: Pick<Bench, 'cpe' | 'session'>,
  diagnostic: Diagnostic,
): Promise<string> {
  const name = `${objectOf(bench.cpe, diagnostic)}DiagnosticsState`
  const { ParameterList } = granted(
    await bench.session.call('GetParameterValues', { ParameterNames: [name] }),
  )
  return ParameterList[0]?.Value ?? ''
}

/** @throws ConformanceFailure unless the test ended well: Complete, or Completed in the objects of TR-143 */
export function assertComplete(found: ReadonlyMap<string, string>): void {
  const state = found.get('DiagnosticsState')
  if (state !== 'Complete' && state !== 'Completed')
    throw new ConformanceFailure('DiagnosticsState Complete', `DiagnosticsState ${JSON.stringify(state)}`)
}

/** @throws ConformanceFailure unless the test ended with this state, or any Error… where none is given */
export function assertError(found: ReadonlyMap<string, string>, ...states: string[]): void {
  const state = found.get('DiagnosticsState') ?? ''
  const isRight = states.length === 0 ? state.startsWith('Error') : states.includes(state)
  if (isRight) return
  throw new ConformanceFailure(
    states.length === 0 ? 'DiagnosticsState Error…' : states.map((each) => `DiagnosticsState ${each}`),
    `DiagnosticsState ${JSON.stringify(state)}`,
  )
}

/**
 * Holds the times of a throughput test against each other (TR-143).
 * @throws ConformanceFailure when they run backwards or have no microseconds
 */
export function assertMeasured(found: ReadonlyMap<string, string>): void {
  const times = ['ROMTime', 'BOMTime', 'EOMTime'].map((name) => found.get(name) ?? '')
  expect(
    times.filter((time) => !/\.\d{6}/.test(time)),
    'ROMTime, BOMTime, EOMTime without microseconds',
  ).toEqual([])
  const instants = times.map((time) => new Date(time).getTime())
  const isForward = instants.every((instant, index) => index === 0 || instant >= (instants[index - 1] ?? 0))
  if (!isForward) throw new ConformanceFailure('ROMTime, BOMTime and EOMTime in this order', times.join(', '))
}

export function numberAt(found: ReadonlyMap<string, string>, name: string): number {
  const text = found.get(name)
  if (text === undefined || !/^\d+$/.test(text))
    throw new ConformanceFailure(`a number at ${name}`, JSON.stringify(text) ?? 'nothing')
  return Number(text)
}
