import { type CwmpFault, isFault, type ParameterValueStruct } from '../../harness/cwmp/cwmp.ts'
import { sessionToPutBack } from '../rpc/put-back.ts'
import { type Bench, setValues } from '../rpc/values.ts'
import type { Subject } from './survey.ts'

/** A value that a parameter must not take. */
export interface Probe {
  readonly subject: Subject
  readonly value: string
}

/** Parameters in one request. */
const BATCH = 100
/** A device that names only some of the parameters in error is asked about so many of the others, one by one. */
const SINGLE = 200

/**
 * Tries to set each to what it must not take, many in one request: nothing is set as long as one of them is refused. Those
 * that the fault does not name are tried alone.
 * @returns what is wrong, and how many were tried
 */
export async function tryRefused(
  bench: Bench,
  probes: readonly Probe[],
  codes: readonly number[],
): Promise<{ examined: number; wrong: string[] }> {
  const taken: Probe[] = []
  bench.restore(() => putBack(bench, taken))
  const wrong: string[] = []
  const unnamed: Probe[] = []
  for (let at = 0; at < probes.length; at += BATCH) {
    const batch = probes.slice(at, at + BATCH)
    const answer = await attempt(bench, batch)
    if (!isFault(answer)) taken.push(...batch)
    for (const probe of batch) {
      const code = isFault(answer) ? codeFor(answer, probe) : undefined
      if (code === undefined) unnamed.push(probe)
      else if (!codes.includes(code)) wrong.push(`${probe.subject.name}: ${code}`)
    }
  }
  for (const probe of unnamed.slice(0, SINGLE)) {
    const answer = await attempt(bench, [probe])
    if (!isFault(answer)) taken.push(probe)
    const what = isFault(answer) ? otherRefusal(answer, probe, codes) : 'taken'
    if (what !== undefined) wrong.push(`${probe.subject.name} = ${shown(probe.value)}: ${what}`)
  }
  return { examined: probes.length - Math.max(0, unnamed.length - SINGLE), wrong }
}

function attempt({ session }: Bench, probes: readonly Probe[]) {
  return setValues(
    session,
    probes.map(({ subject, value }) => ({ Name: subject.name, Value: value, type: subject.type })),
  )
}

function codeFor(fault: CwmpFault, { subject }: Probe): number | undefined {
  return fault.setParameterValuesFaults.find(({ ParameterName }) => ParameterName === subject.name)?.FaultCode
}

/** What is wrong with the refusal of a single parameter. */
function otherRefusal(fault: CwmpFault, probe: Probe, codes: readonly number[]): string | undefined {
  const code = codeFor(fault, probe)
  if (code === undefined) return `${fault.faultCode} without a word about the parameter`
  return codes.includes(code) ? undefined : String(code)
}

/** What a device took although it must not; what it does not take back now was never its own. */
async function putBack({ cpe }: Bench, taken: readonly Probe[]): Promise<void> {
  if (taken.length === 0) return
  const session = await sessionToPutBack(cpe)
  for (const { subject } of taken) {
    const old: ParameterValueStruct = { Name: subject.name, Value: subject.value, type: subject.type }
    await setValues(session, [old], 'put back')
  }
}

function shown(value: string): string {
  return JSON.stringify(value.length > 24 ? `${value.slice(0, 24)}…` : value)
}
