import { gentleEnvelopes, harshEnvelopes } from './around.ts'
import { forbidden, isPossible, spotsOf, structuresOf, textsOf, valueCase } from './boundaries.ts'
import type { Breakage, OctetEdit, SoapCase } from './case.ts'
import type { Choices } from './random.ts'
import { type CpeMethod, validArguments } from './requests.ts'
import { harsh, illFormed } from './structure.ts'
import type { SoapTarget } from './target.ts'
import { wrongTypes, wrongValues } from './values.ts'

/** How often each method is called: those with much to say more often, resets seldom. */
const WEIGHTS: Readonly<Partial<Record<CpeMethod, number>>> = {
  SetParameterValues: 30,
  GetParameterValues: 18,
  GetParameterNames: 12,
  SetParameterAttributes: 12,
  GetParameterAttributes: 8,
  AddObject: 8,
  DeleteObject: 8,
  Download: 8,
  ScheduleDownload: 8,
  Upload: 6,
  ChangeDUState: 6,
  ScheduleInform: 5,
}
const USUAL_WEIGHT = 3
/** Never asked for at random: each that is granted costs a restart. */
const RESETS: ReadonlySet<string> = new Set(['Reboot', 'FactoryReset'])

/** Of a thousand cases, so many … */
const VALID = 60
const OCTETS = 10
const HARSH = 8
const ILL_FORMED = 6
const GENTLE = 120
const MOST_BREAKAGES = 4
/** What takes the device and the harness long, and is asked for often enough by the boundaries. */
const LARGE = new Set([
  'four megabytes of space',
  'four megabytes of comment',
  'hundred thousand elements',
  'nested 100000 deep',
  'a thousand members',
])

/** Whether a breakage is left to the boundaries, because it is that large. */
export function isLarge(kind: string): boolean {
  return LARGE.has(kind)
}

/** Those of these methods that random cases call. */
export function randomMethods(methods: readonly CpeMethod[], target: SoapTarget): CpeMethod[] {
  return methods.filter((one) => !RESETS.has(one) && isPossible(one, target))
}

/** Any request of one of the methods, with any number of breakages. */
export function mutate(methods: readonly CpeMethod[], target: SoapTarget, choices: Choices): SoapCase {
  const rpc = weighted(randomMethods(methods, target), choices)
  const args = validArguments(rpc, target, choices)
  const whole: SoapCase = { rpc, arguments: args, breakages: [] }
  const roll = choices.below(1000)
  if (roll < VALID) return whole
  if (roll < VALID + OCTETS) return { ...whole, edits: editsOf(choices) }
  if (roll < VALID + OCTETS + HARSH)
    return { ...whole, breakages: [{ kind: oneOf(harshEnvelopes, choices) }] }
  const spots = spotsOf(rpc, args)
  if (roll < VALID + OCTETS + HARSH + ILL_FORMED && spots.length > 0)
    return {
      ...whole,
      breakages: [
        {
          at: choices.pick(spots).at,
          kind: choices.pick([...Object.keys(illFormed), ...Object.keys(harsh)]),
        },
      ],
    }
  if (roll < VALID + OCTETS + HARSH + ILL_FORMED + GENTLE || spots.length === 0)
    return { ...whole, breakages: [{ kind: oneOf(gentleEnvelopes, choices) }] }
  // Half of what is written has one wrong value: that is where there is most to get wrong.
  if (rpc === 'SetParameterValues' && choices.below(2) === 0) {
    const never = choices.below(8) === 0 ? forbidden(target, choices) : []
    if (never.length > 0) return choices.pick(never)
    const parameter = choices.pick(target.writable)
    const wrong = choices.pick([...wrongValues(parameter, target), ...wrongTypes(parameter)])
    return valueCase(parameter, wrong, target, choices)
  }
  const breakages: Breakage[] = []
  const taken = new Set<string>()
  for (let count = 1 + choices.below(choices.below(3) === 0 ? MOST_BREAKAGES : 1); count > 0; count--) {
    const spot = choices.pick(spots)
    if (taken.has(spot.at.join())) continue
    taken.add(spot.at.join())
    const texts = textsOf(rpc, spot, args, target, choices)
    const kinds = structuresOf(rpc, spot).filter((kind) => !isLarge(kind))
    if (texts.length > 0 && choices.below(4) > 0) breakages.push({ at: spot.at, ...choices.pick(texts) })
    else if (kinds.length > 0) breakages.push({ at: spot.at, kind: choices.pick(kinds) })
  }
  return { ...whole, breakages }
}

function weighted(methods: readonly CpeMethod[], choices: Choices): CpeMethod {
  const weight = (method: CpeMethod) => WEIGHTS[method] ?? USUAL_WEIGHT
  let left = choices.below(methods.reduce((sum, method) => sum + weight(method), 0))
  for (const method of methods) {
    left -= weight(method)
    if (left < 0) return method
  }
  return 'GetRPCMethods'
}

function oneOf(kinds: readonly string[], choices: Choices): string {
  for (;;) {
    const kind = choices.pick(kinds)
    if (!isLarge(kind)) return kind
  }
}

function editsOf(choices: Choices): OctetEdit[] {
  return Array.from({ length: 1 + choices.below(3) }, () => {
    const what = choices.pick(['flip', 'cut', 'repeat', 'insert'] as const)
    const by = what === 'flip' || what === 'insert' ? choices.below(256) : 1 + choices.below(40)
    return { do: what, at: choices.below(1_000_000), by }
  })
}
