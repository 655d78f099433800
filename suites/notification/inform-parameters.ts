import type { AcsSession } from '../../harness/acs/acs.ts'
import { granted, refused, Untestable } from '../../harness/conformance.ts'
import {
  type CwmpFault,
  isFault,
  type ParameterValueStruct,
  type ResponseOf,
} from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { whereInForce } from '../rpc/values.ts'

/** A row of ManagementServer.InformParameter as the ACS wants it. */
export interface Wish {
  readonly name: string
  readonly events?: string
  readonly enable?: boolean
}

interface Bench {
  readonly cpe: TestBed
  readonly restore: (undo: () => Promise<void>) => void
}

/** A row that was just created, with the dot at the end, and the session in which it has to be there. */
interface NewRow {
  readonly row: string
  readonly there: AcsSession
}

/**
 * Creates a row of InformParameter; deleted after the case.
 * @throws Untestable when the device has no such table
 */
export async function newRow({ cpe, restore }: Bench, session: AcsSession): Promise<NewRow> {
  const table = `${cpe.profile.cwmp.root}ManagementServer.InformParameter.`
  const created = await session.call('AddObject', { ObjectName: table, ParameterKey: 'inform parameter' })
  if (isFault(created)) {
    refused(created, 9005)
    throw new Untestable('the device has no InformParameter table')
  }
  const row = `${table}${created.InstanceNumber}.`
  restore(async () => {
    const later = await cpe.openSession()
    granted(await later.call('DeleteObject', { ObjectName: row, ParameterKey: '' }))
    await later.end()
  })
  return { row, there: await whereInForce({ cpe, session }, created) }
}

/** Fills a row of InformParameter. */
export function fillRow(
  session: AcsSession,
  row: string,
  { name, events = '', enable = true }: Wish,
): Promise<ResponseOf<'SetParameterValues'> | CwmpFault> {
  return session.call('SetParameterValues', {
    ParameterList: [
      { Name: `${row}ParameterName`, Value: name, type: 'xsd:string' },
      { Name: `${row}EventList`, Value: events, type: 'xsd:string' },
      { Name: `${row}Enable`, Value: enable ? '1' : '0', type: 'xsd:boolean' },
    ],
    ParameterKey: 'inform parameter',
  })
}

/** How it was before a row was filled, and since when the row may show. */
export interface Wished {
  /** The parameters of the Inform of that session. */
  readonly before: ReadonlyMap<string, ParameterValueStruct>
  /** A mark in the messages from before the end of that session. */
  readonly mark: number
}

/** Asks for a parameter in Informs, in a session of its own, and ends that; what was not in force at once (Status 1) is when this returns. */
export async function wish(bench: Bench, signal: AbortSignal, wanted: Wish): Promise<Wished> {
  return fillNewRow(bench, await bench.cpe.openSession(signal), wanted)
}

/** As `wish`, in this session. */
export async function fillNewRow(bench: Bench, session: AcsSession, wanted: Wish): Promise<Wished> {
  const { row, there } = await newRow(bench, session)
  const filled = granted(await fillRow(there, row, wanted))
  const mark = bench.cpe.messages.mark()
  await (await whereInForce({ cpe: bench.cpe, session: there }, filled)).end()
  return { before: there.parameters, mark }
}
