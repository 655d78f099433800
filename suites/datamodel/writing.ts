import { granted } from '../../harness/conformance.ts'
import { isFault, type ParameterValueStruct } from '../../harness/cwmp/cwmp.ts'
import { otherValue } from '../../harness/datamodel/datamodel.ts'
import { sessionToPutBack } from '../rpc/put-back.ts'
import { type Bench, setValues, whereInForce } from '../rpc/values.ts'
import type { KnownSubject, Subject } from './survey.ts'

/** A parameter and the value that it was set to. */
export interface Written {
  readonly subject: Subject
  readonly value: string
}

/** What became of an attempt to set many parameters. */
export interface Outcome {
  readonly written: readonly Written[]
  /** Those that the device did not take, with the reason. */
  readonly refused: readonly string[]
  /** Where the new values are in force. */
  readonly session: Bench['session']
}

const BATCH = 100

/** Each parameter with another value that its model allows; those for which none is known are left out. */
export function otherValues(subjects: readonly KnownSubject[]): Written[] {
  return subjects.flatMap((subject, variant) => {
    const value = otherValue(subject.model.syntax, subject.value, variant)
    return value === undefined ? [] : [{ subject, value }]
  })
}

/** Sets the parameters, many in one request, leaving out those that the device refuses; all are put back after the case. */
export async function writeAll(bench: Bench, wanted: readonly Written[]): Promise<Outcome> {
  const written: Written[] = []
  const refused: string[] = []
  bench.restore(async () => {
    const session = await sessionToPutBack(bench.cpe)
    await inBatches(
      session,
      written.map(({ subject }) => ({ subject, value: subject.value })),
      [],
      refused,
    )
  })
  const status = await inBatches(bench.session, wanted, written, refused)
  return { written, refused, session: await whereInForce(bench, { Status: status }) }
}

/** @returns 1 when one of the requests was answered so, else 0 */
async function inBatches(
  session: Bench['session'],
  wanted: readonly Written[],
  written: Written[],
  refused: string[],
): Promise<number> {
  let status = 0
  for (let at = 0; at < wanted.length; at += BATCH) {
    const answered = await writeBatch(session, wanted.slice(at, at + BATCH), written, refused)
    status = Math.max(status, answered)
  }
  return status
}

/** One request; where it is refused, again without what the fault names, or in halves when it names nothing. */
async function writeBatch(
  session: Bench['session'],
  batch: readonly Written[],
  written: Written[],
  refused: string[],
): Promise<number> {
  if (batch.length === 0) return 0
  const answer = await setValues(session, batch.map(asStruct))
  if (!isFault(answer)) {
    written.push(...batch)
    return granted(answer).Status
  }
  const codes = new Map(
    answer.setParameterValuesFaults.map(({ ParameterName, FaultCode }) => [ParameterName, FaultCode]),
  )
  const rest = batch.filter(({ subject }) => !codes.has(subject.name))
  if (rest.length < batch.length) {
    for (const { subject, value } of batch) {
      const code = codes.get(subject.name)
      if (code !== undefined) refused.push(`${subject.name} = ${JSON.stringify(value)}: ${code}`)
    }
    return writeBatch(session, rest, written, refused)
  }
  if (batch.length === 1) {
    refused.push(...batch.map(({ subject }) => `${subject.name}: ${answer.faultCode}`))
    return 0
  }
  const middle = Math.ceil(batch.length / 2)
  const first = await writeBatch(session, batch.slice(0, middle), written, refused)
  return Math.max(first, await writeBatch(session, batch.slice(middle), written, refused))
}

function asStruct({ subject, value }: Written): ParameterValueStruct {
  return { Name: subject.name, Value: value, type: subject.type }
}
