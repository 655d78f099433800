import type { Level } from '../../report/verdict.ts'
import type { Permit, Row } from './row.ts'
import { envelopeRows } from './soap-envelope.ts'
import { nameRows } from './soap-names.ts'
import { structureRows } from './soap-structure.ts'
import { textRows } from './soap-texts.ts'
import { clauses, refusals, validRows } from './soap-valid.ts'

/** Public face of this folder: what a device may answer to a SOAP request. */
export type { Row } from './row.ts'

/** The whole table; of several rows that fit a breakage the first one holds. */
export const soapRows: readonly Row[] = [
  ...validRows,
  ...nameRows,
  ...textRows,
  ...envelopeRows,
  ...structureRows,
]

/** One thing that is wrong with a request. */
export interface Fault {
  readonly breakage: string
  /** What the argument is; `envelope` for what is around the arguments. */
  readonly kind: string
  /** The parameter that it concerns, in SetParameterValues. */
  readonly parameter?: string
}

/** What the device may make of a request with all its faults. */
export interface Expectation {
  /** Codes and other answers, without the words that stand for several. */
  readonly permits: ReadonlySet<Permit>
  /** What each faulty parameter may have in its SetParameterValuesFault; undefined where the request may be refused as a whole. */
  readonly parameters?: ReadonlyMap<string, { readonly codes: ReadonlySet<number>; readonly isSure: boolean }>
  readonly clause: string
  readonly level: Level
}

/** The row for a breakage of an argument of that kind; undefined for a cell that the table has forgotten. */
export function rowFor(rpc: string, { breakage, kind }: Fault): Row | undefined {
  const key = `${rpc}/${kind}/${breakage}`
  if (!found.has(key))
    found.set(
      key,
      soapRows.find((row) => fits(row, rpc, kind, breakage)),
    )
  return found.get(key)
}

const found = new Map<string, Row | undefined>()

function fits({ rpcs, kinds, breakages }: Row, rpc: string, kind: string, breakage: string): boolean {
  return (
    (rpcs?.includes(rpc) ?? true) &&
    (kinds?.includes(kind) ?? true) &&
    breakages.some((one) => one === breakage || (one.endsWith('*') && breakage.startsWith(one.slice(0, -1))))
  )
}

/**
 * What may come back for a request of that method with these faults; with none for a right one. Of several each may be the one that
 * the device answers; a response needs all of them to allow it, or one that may hide the others.
 */
export function expectationOf(rpc: string, faults: readonly Fault[]): Expectation {
  const [only] = faults
  if (faults.length === 0) return single(rpc, { breakage: 'none', kind: 'envelope' })
  if (only && faults.length === 1) return single(rpc, only)
  const each = faults.map((fault) => ({ row: rowOf(rpc, fault), ...single(rpc, fault) }))
  const permits = new Set(each.flatMap((one) => [...one.permits]))
  const mayHide = each.some(({ row }) => row.hides)
  if (!each.every((one) => one.permits.has('response')) && !(mayHide && permits.has('response')))
    permits.delete('response')
  return {
    permits,
    ...mergedParameters(each.map(({ parameters }) => parameters)),
    clause: [...new Set(each.map(({ clause }) => clause))].join('; '),
    level: each.some(({ level }) => level !== 'MUST') ? 'SHOULD' : 'MUST',
  }
}

type Parameters = Expectation['parameters']

function mergedParameters(all: readonly Parameters[]): { parameters?: NonNullable<Parameters> } {
  const parameters = new Map<string, { codes: ReadonlySet<number>; isSure: boolean }>()
  for (const one of all) {
    // One that may be answered for the whole request leaves the list open.
    if (!one) return {}
    for (const [name, { codes, isSure }] of one) {
      const other = parameters.get(name)
      // Twice the same name is wrong in itself.
      if (other && isSure !== other.isSure) return {}
      parameters.set(name, { codes: new Set([...codes, ...(other?.codes ?? [])]), isSure })
    }
  }
  return { parameters }
}

function rowOf(rpc: string, fault: Fault): Row {
  const row = rowFor(rpc, fault)
  if (!row) throw new Error(`the oracle has no row for ${rpc}, ${fault.kind}: ${fault.breakage}`)
  return row
}

const singles = new Map<string, Omit<Expectation, 'parameters'>>()

function single(rpc: string, fault: Fault): Expectation {
  const row = rowOf(rpc, fault)
  const key = `${rpc}/${fault.kind}/${fault.breakage}`
  const known = singles.get(key) ?? {
    permits: new Set(row.permits.flatMap((permit) => expanded(rpc, permit))),
    clause: row.clause ?? clauses[rpc] ?? 'TR-069 A.3, A.4',
    level: row.level ?? 'MUST',
  }
  singles.set(key, known)
  const { parameter } = fault
  if (!row.parameter || row.orWhole || parameter === undefined) return known
  const isSure = !known.permits.has('response')
  return { ...known, parameters: new Map([[parameter, { codes: new Set(row.parameter), isSure }]]) }
}

function expanded(rpc: string, permit: Permit): Permit[] {
  if (permit === 'refusal') return [...(refusals[rpc] ?? [])]
  if (permit !== 'valid') return [permit]
  return [...rowOf(rpc, { breakage: 'none', kind: 'envelope' }).permits]
}
