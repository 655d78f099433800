import fc from 'fast-check'
import type { FuzzLanguage, Json } from '../campaign/field.ts'
import { type Expectation, expectationOf, type Fault } from '../oracle/soap-oracle.ts'
import { aroundArguments } from './around.ts'
import { boundaries } from './boundaries.ts'
import { type ArgumentNode, type Breakage, caseFromJson, lookUp, type SoapCase } from './case.ts'
import { cellOf, randomCells } from './cells.ts'
import { mutate } from './mutate.ts'
import { choicesOf } from './random.ts'
import { type CpeMethod, cpeMethods, isCpeMethod, kindOf } from './requests.ts'
import { simpler } from './simpler.ts'
import type { SoapTarget } from './target.ts'

/** Which boundaries a language has: all, those of arguments, those of what is around them, or none but random cases. */
export type Part = 'all' | 'arguments' | 'envelope' | 'mutation'

/** Everything that an ACS can say to this device in SOAP, right or wrong. */
export function soapLanguage(target: SoapTarget, part: Part = 'all'): FuzzLanguage<SoapCase> {
  const supported = cpeMethods.filter((method) => target.methods.includes(method))
  const missing = cpeMethods.filter((method) => !target.methods.includes(method))
  function* coverage(): Generator<SoapCase> {
    if (part === 'all' || part === 'arguments') {
      for (const rpc of missing) yield { rpc, arguments: [], breakages: [{ kind: 'not supported' }] }
      for (const rpc of supported) yield* boundaries(rpc, target)
    }
    if (part === 'all' || part === 'envelope') yield* aroundArguments(target)
  }
  return {
    name: 'soap',
    coverage,
    mutation: fc.noBias(fc.integer()).map((seed) => mutate(supported, target, choicesOf(seed))),
    cellOf,
    *cells() {
      if (part === 'mutation') yield* randomCells(supported, target)
      for (const one of coverage()) yield cellOf(one)
    },
    simpler,
    describe,
    toJson: (one) => one as unknown as Json,
    fromJson: caseFromJson,
  }
}

function describe(one: SoapCase): string {
  const { rpc, arguments: nodes, breakages, edits } = one
  const wrong = breakages.map(({ kind, at, text }) => {
    const where = lookUp(nodes, at)?.path
    const what =
      text === undefined ? '' : ` ${JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)}`
    return `${kind}${where === undefined ? '' : ` at ${where}`}${what}`
  })
  for (const edit of edits ?? []) wrong.push(`${edit.do} ${edit.by} at ${edit.at / 10_000} %`)
  return `${rpc}(${nodes.map(brief).join(', ')})${wrong.length === 0 ? '' : `: ${wrong.join('; ')}`}`
}

function brief({ name, text = '', children }: ArgumentNode): string {
  if (children) return `${name}[${children.map(brief).join(', ')}]`
  return `${name} ${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)}`
}

/** What a case may be answered with; undefined when its octets are changed, so that nobody knows what it says. */
export function expected(one: SoapCase): Expectation | undefined {
  if (one.edits?.length || !isCpeMethod(one.rpc)) return undefined
  const rpc: CpeMethod = one.rpc
  return expectationOf(
    rpc,
    one.breakages.map((breakage) => faultOf(rpc, one, breakage)),
  )
}

function faultOf(rpc: CpeMethod, one: SoapCase, { kind: breakage, at }: Breakage): Fault {
  const found = lookUp(one.arguments, at)
  const kind = (found && kindOf(rpc, found.path)) ?? 'envelope'
  if (rpc !== 'SetParameterValues' || !at || at.length < 2) return { breakage, kind }
  return { breakage, kind, parameter: parameterAt(one, at.slice(0, 2)) }
}

/** The name that the member of a ParameterList has when it is sent. */
function parameterAt({ arguments: nodes, breakages }: SoapCase, member: readonly number[]): string {
  const place = [...member, 0]
  const renamed = breakages.find(({ at, text }) => text !== undefined && at?.join() === place.join())
  return renamed?.text ?? lookUp(nodes, place)?.node.text ?? ''
}
