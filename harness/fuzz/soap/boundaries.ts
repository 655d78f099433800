import { type ArgumentNode, lookUp, type SoapCase } from './case.ts'
import { type WrongText, wrongNames } from './names.ts'
import { type Choices, choicesOf } from './random.ts'
import { assignment, type CpeMethod, type Kind, kindOf, validArguments } from './requests.ts'
import { anywhere, inArrays, inOrders, inTexts } from './structure.ts'
import { PASSWORD, type SoapTarget, type WritableParameter } from './target.ts'
import { wrongTexts, wrongTypes, wrongValues } from './values.ts'

/** An argument of a request, with what can be wrong with it. */
export interface Spot {
  readonly at: readonly number[]
  readonly node: ArgumentNode
  readonly kind: Kind
  /** Whether something stands behind it in the same request or struct, so that their order can be another. */
  readonly hasNext: boolean
}

/** Every argument of a request, parts of arguments included. */
export function spotsOf(rpc: CpeMethod, nodes: readonly ArgumentNode[]): Spot[] {
  const found: Spot[] = []
  const visit = (siblings: readonly ArgumentNode[], above: readonly number[], path: string): void => {
    siblings.forEach((node, index) => {
      const own = path === '' ? node.name : `${path}.${node.name}`
      const kind = kindOf(rpc, own)
      const at = [...above, index]
      if (kind)
        found.push({
          at,
          node,
          kind,
          hasNext: siblings[index + 1]?.name !== undefined && siblings[index + 1]?.name !== node.name,
        })
      if (node.children) visit(node.children, at, own)
    })
  }
  visit(nodes, [], '')
  return found
}

/** Device-wide resets are asked for only where the request as such is wrong: each that is granted costs a restart. */
const COSTLY: ReadonlySet<string> = new Set(['Reboot', 'FactoryReset'])
const refusedAnyway = new Set(['missing', 'text too long', 'text huge'])

/** What would read every parameter as meant, in a request that changes them. */
const MEANS_ALL = new Set(['empty element', 'nil', 'reference'])

/** What is asked of arguments that are read like others: how they are read has been asked before, and what they mean has not. */
const BRIEFLY = [
  'missing',
  'twice',
  'empty element',
  'comment',
  'element in another namespace',
  'elements in place of text',
]

/** Transfers whose arguments Download has, too; and kinds of those of which every other text is enough. */
const TRANSFERS_LIKE_OTHERS: ReadonlySet<string> = new Set(['Upload', 'ScheduleDownload'])
const HALF: ReadonlySet<Kind> = new Set(['unsignedInt', 'int', 'url', 'fileType', 'text'])

/** Whether some other method or argument of the same kind is asked for everything. */
function isRepeated(rpc: CpeMethod, { kind, node }: Pick<Spot, 'kind' | 'node'>): boolean {
  if (node.children) return false
  if (kind === 'text' || kind === 'optional' || node.name === 'AccessListChange') return true
  if (kind === 'key') return rpc !== 'SetParameterValues'
  return TRANSFERS_LIKE_OTHERS.has(rpc)
}

const placeKinds = Object.keys(anywhere)
const arrayKinds = Object.keys(inArrays)
const textKinds = Object.keys(inTexts)
const orderKinds = Object.keys(inOrders)

/** Kinds of structure that can be wrong with an argument, without what makes the document ill-formed. */
export function structuresOf(rpc: CpeMethod, { kind, node, hasNext }: Spot): string[] {
  const isText = node.children === undefined
  return [
    ...placeKinds,
    ...(kind === 'array' ? arrayKinds : []),
    ...(isText && kind !== 'optional' ? textKinds : []),
    ...(hasNext && kind !== 'optional' && kind !== 'operation' ? orderKinds : []),
  ].filter(
    (one) =>
      !(kind === 'attributeName' && MEANS_ALL.has(one)) &&
      !(kind === 'value' && one.startsWith('type ')) &&
      !(COSTLY.has(rpc) && !refusedAnyway.has(one)),
  )
}

/** Texts that can stand in the place of that of an argument. */
export function textsOf(
  rpc: CpeMethod,
  { kind, node, at }: Spot,
  args: readonly ArgumentNode[],
  target: SoapTarget,
  choices: Choices,
): WrongText[] {
  if (kind === 'value') {
    const parameter = parameterOf(args, at, target)
    return parameter ? [...wrongValues(parameter, target), ...wrongTypes(parameter)] : []
  }
  const all = [...wrongNames(kind, target, choices), ...wrongTexts(kind, node)]
  return COSTLY.has(rpc) ? all.filter((one) => refusedAnyway.has(one.kind)) : all
}

function parameterOf(
  args: readonly ArgumentNode[],
  at: readonly number[],
  target: SoapTarget,
): WritableParameter | undefined {
  const name = args[at[0] ?? 0]?.children?.[at[1] ?? 0]?.children?.[0]?.text
  return target.writable.find(({ path }) => path === name)
}

/** Each argument of a method with each breakage once, in requests that are otherwise right; and one that is right as a whole. */
export function* boundaries(rpc: CpeMethod, target: SoapTarget): Generator<SoapCase> {
  if (!isPossible(rpc, target)) return
  const choices = choicesOf(rpc.length * 7919)
  yield { rpc, arguments: validArguments(rpc, target, choices), breakages: [] }
  yield* otherwiseRight(rpc, target)
  const seen = new Set<string>()
  const plain = plainArguments(rpc, target)
  for (const spot of spotsOf(rpc, plain)) {
    const path = pathOf(plain, spot.at)
    const isNew = ({ kind }: { readonly kind: string }) => {
      const key = `${path}/${kind}`
      return seen.size < seen.add(key).size
    }
    const isBrief = isRepeated(rpc, spot)
    for (const kind of structuresOf(rpc, spot)) {
      if (isBrief && !BRIEFLY.includes(kind)) continue
      const one = caseAt(rpc, path, target, choices, { kind })
      if (one && isNew({ kind })) yield one
    }
    if (spot.kind === 'value') {
      for (const parameter of target.writable)
        for (const wrong of [...wrongValues(parameter, target), ...wrongTypes(parameter)])
          if (isNew({ kind: `${parameter.type} ${wrong.kind}` }))
            yield valueCase(parameter, wrong, target, choices)
      yield* forbidden(target, choices)
      continue
    }
    for (const [turn, wrong] of textsOf(rpc, spot, plain, target, choices).entries()) {
      if (HALF.has(spot.kind) && TRANSFERS_LIKE_OTHERS.has(rpc) && turn % 2 === 1) continue
      const one = caseAt(rpc, path, target, choices, wrong)
      if (one && isNew(wrong)) yield one
    }
  }
}

/** Requests that are right in other ways than the usual one. */
function* otherwiseRight(rpc: CpeMethod, target: SoapTarget): Generator<SoapCase> {
  const breakages = [] as const
  const names = (text: string): ArgumentNode => ({
    name: 'ParameterNames',
    array: 'xsd:string',
    children: [{ name: 'string', text }],
  })
  if (rpc === 'GetParameterValues' || rpc === 'GetParameterAttributes')
    for (const path of target.paths) yield { rpc, arguments: [names(path)], breakages }
  if (rpc === 'GetParameterNames')
    for (const path of target.paths.filter((one) => one === '' || one.endsWith('.')))
      for (const text of ['0', '1'])
        yield {
          rpc,
          arguments: [
            { name: 'ParameterPath', text: path },
            { name: 'NextLevel', text },
          ],
          breakages,
        }
  if (rpc === 'GetOptions') yield { rpc, arguments: [{ name: 'OptionName', text: '' }], breakages }
  if (rpc === 'SetParameterValues')
    for (const parameter of target.writable)
      for (const value of parameter.values) {
        const children = [assignment(parameter, value)]
        const list = { name: 'ParameterList', array: 'cwmp:ParameterValueStruct', children }
        yield { rpc, arguments: [list, { name: 'ParameterKey', text: 'fuzz' }], breakages }
      }
}

/** Whether the device has what a right request of the method needs. */
export function isPossible(rpc: CpeMethod, target: SoapTarget): boolean {
  const { table, writable, attributable, uploadType } = target
  if (rpc === 'AddObject' || rpc === 'DeleteObject') return table !== undefined
  if (rpc === 'SetParameterAttributes') return attributable.length > 0
  if (rpc === 'Upload') return uploadType !== undefined
  return rpc !== 'SetParameterValues' || writable.length > 0
}

/** Right arguments with as few members as there can be, always the same. */
export function plainArguments(rpc: CpeMethod, target: SoapTarget): ArgumentNode[] {
  return validArguments(rpc, target, {
    below: () => 0,
    pick: (list) => list[0] as (typeof list)[number],
  })
}

function pathOf(nodes: readonly ArgumentNode[], at: readonly number[]): string {
  return lookUp(nodes, at)?.path ?? ''
}

/** A right request with one breakage at some argument of that path. */
export function caseAt(
  rpc: CpeMethod,
  path: string,
  target: SoapTarget,
  choices: Choices,
  what: { readonly kind: string; readonly text?: string },
): SoapCase | undefined {
  const args = validArguments(rpc, target, choices)
  const spots = spotsOf(rpc, args).filter((spot) => pathOf(args, spot.at) === path)
  if (spots.length === 0) return undefined
  return { rpc, arguments: args, breakages: [{ at: choices.pick(spots).at, ...what }] }
}

/** SetParameterValues of a parameter with a wrong value, among others that are right. */
export function valueCase(
  parameter: WritableParameter,
  wrong: WrongText,
  target: SoapTarget,
  choices: Choices,
): SoapCase {
  const { one, position } = among(parameter, target, choices)
  return { ...one, breakages: [{ at: [0, position, 1], ...wrong }] }
}

/** What an ACS may not write at all: a read-only parameter; and a hidden one with a password that it cannot have, which no fault may repeat. */
export function forbidden(target: SoapTarget, choices: Choices): SoapCase[] {
  const { readOnly, hidden, writable } = target
  const like = writable.find(({ type }) => `xsd:${type}` === readOnly.type)
  const unlike = writable.find(({ type }) => type === 'boolean')
  const cases: SoapCase[] = []
  if (like) {
    const { one, position } = among(like, target, choices)
    cases.push({ ...one, breakages: [{ at: [0, position, 0], kind: 'name read-only', text: readOnly.path }] })
  }
  if (unlike && hidden !== undefined) {
    const { one, position } = among(unlike, target, choices)
    const text = PASSWORD.padEnd(300, 'x')
    cases.push({
      ...one,
      breakages: [
        { at: [0, position, 0], kind: 'name hidden', text: hidden },
        { at: [0, position, 1], kind: 'value boolean boolean words', text },
      ],
    })
  }
  return cases
}

/** A right SetParameterValues of a parameter and perhaps of others, and where it stands among them. */
function among(
  parameter: WritableParameter,
  target: SoapTarget,
  choices: Choices,
): { one: SoapCase; position: number } {
  const others = target.writable.filter((one) => one !== parameter).slice(0, choices.below(3))
  const position = choices.below(others.length + 1)
  const members = others
    .toSpliced(position, 0, parameter)
    .map((each) => assignment(each, choices.pick(each.values)))
  const [list, ...rest] = validArguments('SetParameterValues', target, choices)
  const args = [{ ...list, name: 'ParameterList', children: members }, ...rest]
  return { one: { rpc: 'SetParameterValues', arguments: args, breakages: [] }, position }
}
