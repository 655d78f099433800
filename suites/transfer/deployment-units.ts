import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent, granted } from '../../harness/conformance.ts'
import { decodeRequest, type RequestOf } from '../../harness/cwmp/cwmp.ts'
import type { HttpFileServer, Served } from '../../harness/net/net.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import type { Bench, Restore } from './bench.ts'
import { named, octetsOf } from './files.ts'
import { freshKey } from './transfers.ts'

export type Operation = RequestOf<'ChangeDUState'>['Operations'][number]
export type Result = RequestOf<'DUStateChangeComplete'>['Results'][number]

/** What became of a ChangeDUState, and the session that told. */
export interface Change {
  readonly commandKey: string
  readonly results: readonly Result[]
  readonly session: AcsSession
}

let made = 0

/** A UUID that no other deployment unit of this run has. */
export function freshUuid(): string {
  made += 1
  return `c0f0a9ce-0000-4000-8000-${String(made).padStart(12, '0')}`
}

/** Puts the unit of the profile on the server: the older version, or the newer one. */
export function offerUnit(
  web: HttpFileServer,
  { profile }: TestBed,
  which: 'older' | 'newer' = 'older',
  script: Served | ((nth: number) => Served) = {},
): { readonly URL: string; readonly version: string } {
  const units = named(profile.pixit.files.deploymentUnit, 'deployment unit')
  const unit = units[which === 'older' ? 0 : 1]
  const served = typeof script === 'function' ? script : () => script
  const body = octetsOf(unit)
  const URL = web.serve(`/unit-${which}`, (_request, nth) => ({ body, ...served(nth) }))
  return { URL, version: unit.version }
}

export function install(URL: string, UUID: string, more: { ExecutionEnvRef?: string } = {}): Operation {
  return { type: 'InstallOpStruct', URL, UUID, ...more }
}

export function update(UUID: string, URL: string): Operation {
  return { type: 'UpdateOpStruct', UUID, URL }
}

export function uninstall(UUID: string): Operation {
  return { type: 'UninstallOpStruct', UUID }
}

export function tellsUnits({ Event }: RequestOf<'Inform'>): boolean {
  return Event.some(({ EventCode }) => EventCode === '11 DU STATE CHANGE COMPLETE')
}

/** The DUStateChangeCompletes of a session so far. */
export function changesIn(session: AcsSession): Change[] {
  return session.cpeRequests
    .filter(({ name }) => name === 'DUStateChangeComplete')
    .map((request) => {
      const { Results, CommandKey = '' } = decodeRequest(request, 'DUStateChangeComplete')
      return { commandKey: CommandKey, results: Results, session }
    })
}

/** Asks for operations, ends the session and waits for what becomes of them. */
export async function change(
  bench: Bench,
  Operations: Operation[],
  CommandKey = freshKey(),
): Promise<Change> {
  granted(await bench.session.call('ChangeDUState', { Operations, CommandKey }))
  return changed(bench, CommandKey)
}

/**
 * What becomes of operations that were granted.
 * @throws DeviceSilent or ConformanceFailure when the device does not tell
 */
export async function changed(bench: Bench, commandKey: string): Promise<Change> {
  const [change_] = await allChanged(bench, [commandKey])
  return change_ as Change
}

/**
 * What becomes of several ChangeDUStates that were granted, in the order of their keys, in whatever order the device tells.
 * @throws DeviceSilent or ConformanceFailure when the device does not tell of each
 */
export async function allChanged(
  { cpe, session, signal }: Bench,
  commandKeys: readonly string[],
): Promise<Change[]> {
  const timeoutMs = cpe.profile.pixit.timing.transferSeconds * 1000
  const deadline = performance.now() + timeoutMs
  const informs: string[] = []
  const came = new Map<string, Change>()
  let present = session
  for (;;) {
    await present.end({ signal })
    for (const each of changesIn(present)) came.set(each.commandKey, each)
    const missing = commandKeys.filter((key) => !came.has(key))
    if (missing.length === 0) return commandKeys.map((key) => came.get(key) as Change)
    try {
      const left = Math.max(1, deadline - performance.now())
      present = await cpe.nextSession({ timeoutMs: left, signal })
    } catch (error) {
      if (!(error instanceof DeviceSilent) || informs.length === 0) throw error
      throw new ConformanceFailure(
        `DUStateChangeComplete with CommandKey ${missing.map((key) => JSON.stringify(key)).join(' and ')}`,
        `Informs with ${informs.join('; ')} and none`,
      )
    }
    informs.push(present.eventCodes.join(', '))
  }
}

/** Installs the older version of the unit and has it removed after the case. Returns its UUID. */
export async function installed(bench: Bench, web: HttpFileServer, restore: Restore): Promise<string> {
  const UUID = freshUuid()
  removeLater(bench.cpe, restore, UUID)
  const { results } = await change(bench, [install(offerUnit(web, bench.cpe).URL, UUID)])
  assertResult(results, 'Installed')
  return UUID
}

/** Names and values below the table of deployment units, by UUID in lower case; `path` is that of the row, without the dot. */
export async function unitsOf(
  cpe: TestBed,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Map<string, string>>> {
  const path = `${cpe.profile.cwmp.root}SoftwareModules.DeploymentUnit.`
  const session = await cpe.openSession(signal)
  const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  await session.end()
  const rows = new Map<string, Map<string, string>>()
  for (const { Name, Value } of ParameterList) {
    const [, row = '', name = ''] = /^(.*\.\d+)\.(\w+)$/.exec(Name) ?? []
    const values = rows.get(row) ?? new Map([['path', row]])
    rows.set(row, values.set(name, Value))
  }
  return new Map([...rows.values()].map((values) => [(values.get('UUID') ?? '').toLowerCase(), values]))
}

/** Uninstalls a unit after the case, if it is there. */
export function removeLater(cpe: TestBed, restore: Restore, UUID: string): void {
  restore(async () => {
    const session = await cpe.openSession()
    // The case is over, and its signal with it; `changed` has a deadline of its own.
    await change({ cpe, session, signal: new AbortController().signal }, [uninstall(UUID)])
  })
}

/**
 * The only result, which must be of this state, or failed with one of these codes.
 * @throws ConformanceFailure saying what the results are
 */
export function assertResult(
  results: readonly Result[],
  expected: 'Installed' | 'Uninstalled' | readonly number[],
): Result {
  const [result] = results
  const isRight =
    typeof expected === 'string'
      ? result?.CurrentState === expected && result.Fault.FaultCode === 0
      : result?.CurrentState === 'Failed' && expected.includes(result.Fault.FaultCode)
  if (result && isRight && results.length === 1) return result
  const wanted =
    typeof expected === 'string'
      ? [`one result, ${expected}`]
      : expected.map((code) => `one result, Failed with ${code}`)
  throw new ConformanceFailure(wanted, inWords(results))
}

export function inWords(results: readonly Result[]): string {
  return (
    results.map(({ CurrentState, Fault }) => `${CurrentState} with ${Fault.FaultCode}`).join(', ') ||
    'no result'
  )
}
