import type { AcsSession } from '../../harness/acs/acs.ts'
import { granted, refused, Untestable } from '../../harness/conformance.ts'
import { type CwmpFault, isFault, type ResponseOf } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

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

/**
 * Creates a row of InformParameter; deleted after the case.
 * @returns its path
 * @throws Untestable when the device has no such table
 */
export async function newRow({ cpe, restore }: Bench, session: AcsSession): Promise<string> {
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
  return row
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

/** Asks for a parameter in Informs, in a session of its own. */
export async function wish(bench: Bench, signal: AbortSignal, wanted: Wish): Promise<void> {
  const session = await bench.cpe.openSession(signal)
  granted(await fillRow(session, await newRow(bench, session), wanted))
  await session.end()
}
