import type { ArgumentNode, Breakage, SoapCase } from './case.ts'

/** Cases that say less: without one of the breakages or changes, then without a member that nothing is wrong with, then with shorter text. */
export function* simpler(one: SoapCase): Generator<SoapCase> {
  for (const index of one.breakages.keys()) yield { ...one, breakages: one.breakages.toSpliced(index, 1) }
  for (const index of (one.edits ?? []).keys()) yield { ...one, edits: one.edits?.toSpliced(index, 1) ?? [] }
  yield* withFewerMembers(one)
  for (const [index, { text }] of one.breakages.entries()) {
    if (text === undefined || text.length < 1000) continue
    const breakages = one.breakages.with(index, {
      ...(one.breakages[index] as Breakage),
      text: text.slice(0, text.length >> 1),
    })
    yield { ...one, breakages }
  }
}

/** Of each array among the arguments without one member, as long as one is left. */
function* withFewerMembers(one: SoapCase): Generator<SoapCase> {
  for (const [list, node] of one.arguments.entries()) {
    const members = node.array === undefined ? [] : (node.children ?? [])
    if (members.length < 2) continue
    for (const member of members.keys()) {
      if (one.breakages.some(({ at }) => at?.[0] === list && at[1] === member)) continue
      const children: readonly ArgumentNode[] = members.toSpliced(member, 1)
      yield {
        ...one,
        arguments: one.arguments.with(list, { ...node, children }),
        breakages: one.breakages.map((breakage) => shifted(breakage, list, member)),
      }
    }
  }
}

/** The breakage where it stands once the member is gone. */
function shifted(breakage: Breakage, list: number, member: number): Breakage {
  const { at } = breakage
  const position = at?.[1]
  if (at?.[0] !== list || position === undefined || position < member) return breakage
  return { ...breakage, at: at.with(1, position - 1) }
}
