import type { Cell } from '../campaign/field.ts'
import { SEVERAL } from '../campaign/tally.ts'
import { gentleEnvelopes, harshEnvelopes } from './around.ts'
import { forbidden, plainArguments, spotsOf, structuresOf, textsOf } from './boundaries.ts'
import { lookUp, type SoapCase } from './case.ts'
import { isLarge, randomMethods } from './mutate.ts'
import { choicesOf } from './random.ts'
import type { CpeMethod } from './requests.ts'
import { harsh, illFormed } from './structure.ts'
import type { SoapTarget } from './target.ts'
import { wrongTypes, wrongValues } from './values.ts'

/** Where a case stands in the matrix. */
export function cellOf({ rpc, arguments: nodes, breakages, edits }: SoapCase): Cell {
  const elements = breakages.map(({ at }) => lookUp(nodes, at)?.path ?? '')
  const kinds = breakages.map(({ kind }) => kind)
  if (edits?.length) kinds.push('octets')
  return {
    requestClass: rpc,
    element: [...new Set(elements)].filter((path) => path !== '').join(' + '),
    breakage: kinds.length === 0 ? 'none' : kinds.join(' + '),
  }
}

/** All cells that random cases of these methods can meet: each breakage of each argument alone, and several at once. */
export function* randomCells(methods: readonly CpeMethod[], target: SoapTarget): Generator<Cell> {
  for (const rpc of randomMethods(methods, target)) {
    const at = (element: string, breakage: string): Cell => ({ requestClass: rpc, element, breakage })
    for (const kind of ['none', 'octets', ...gentleEnvelopes, ...harshEnvelopes])
      if (!isLarge(kind)) yield at('', kind)
    const choices = choicesOf(0)
    const args = plainArguments(rpc, target)
    const spots = spotsOf(rpc, args)
    for (const spot of spots) {
      const texts =
        spot.kind === 'value'
          ? target.writable.flatMap((one) => [...wrongValues(one, target), ...wrongTypes(one)])
          : textsOf(rpc, spot, args, target, choices)
      const kinds = [
        ...Object.keys(illFormed),
        ...Object.keys(harsh),
        ...structuresOf(rpc, spot).filter((kind) => !isLarge(kind)),
        ...texts.map(({ kind }) => kind),
      ]
      for (const kind of new Set(kinds)) yield at(lookUp(args, spot.at)?.path ?? '', kind)
    }
    if (rpc === 'SetParameterValues')
      for (const one of forbidden(target, choices)) if (one.breakages.length === 1) yield cellOf(one)
    if (spots.length > 1) yield at('', SEVERAL)
  }
}
