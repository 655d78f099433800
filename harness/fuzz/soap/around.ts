import { caseAt } from './boundaries.ts'
import type { SoapCase } from './case.ts'
import { encodingChanges } from './encodings.ts'
import { bodyChanges, headerChanges, methodChanges } from './envelopes.ts'
import { choicesOf } from './random.ts'
import { validArguments } from './requests.ts'
import { harsh, illFormed } from './structure.ts'
import type { SoapTarget } from './target.ts'

/** Methods whose right requests change nothing, one for every other. */
const HARMLESS = ['GetParameterValues', 'GetParameterNames'] as const

/** What is around the arguments, each breakage once; and ill-formed text in a few arguments. */
export function* aroundArguments(target: SoapTarget): Generator<SoapCase> {
  const choices = choicesOf(4711)
  let turn = 0
  for (const kind of [
    ...Object.keys(headerChanges),
    ...Object.keys(methodChanges),
    ...Object.keys(bodyChanges),
    ...Object.keys(encodingChanges),
  ]) {
    const rpc = HARMLESS[turn++ % 2] as (typeof HARMLESS)[number]
    yield { rpc, arguments: validArguments(rpc, target, choices), breakages: [{ kind }] }
  }
  // Of a method without arguments nothing but its name can be wrong.
  for (const kind of Object.keys(methodChanges))
    yield { rpc: 'GetRPCMethods', arguments: [], breakages: [{ kind }] }
  for (const kind of [...Object.keys(illFormed), ...Object.keys(harsh)])
    for (const [rpc, path] of [
      ['GetParameterValues', 'ParameterNames.string'],
      ['SetParameterValues', 'ParameterList.ParameterValueStruct.Value'],
    ] as const) {
      if (rpc === 'SetParameterValues' && target.writable.length === 0) continue
      const one = caseAt(rpc, path, target, choices, { kind })
      if (one) yield one
    }
}

/** Kinds of what can be wrong around the arguments and leaves the session as it is. */
export const gentleEnvelopes: readonly string[] = [
  ...Object.keys(headerChanges),
  ...Object.keys(methodChanges),
]
/** Those that end the session more often than not. */
export const harshEnvelopes: readonly string[] = [
  ...Object.keys(bodyChanges),
  ...Object.keys(encodingChanges),
]
