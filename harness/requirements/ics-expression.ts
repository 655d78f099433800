import { HarnessError } from '../failure.ts'

/**
 * ICS conditions of the requirement records: names of ICS items with `!`, `&&`, `||` and parentheses,
 * for example `Upload && !HttpConnectionRequest`.
 */
type Node =
  | { kind: 'name'; name: string }
  | { kind: 'not'; of: Node }
  | { kind: 'and' | 'or'; left: Node; right: Node }

/**
 * Whether the statement of the device satisfies the expression.
 * @throws HarnessError when the expression cannot be read or names an item that the statement does not answer.
 */
export function evaluateIcs(expression: string, ics: Readonly<Record<string, boolean>>): boolean {
  const evaluate = (node: Node): boolean => {
    if (node.kind === 'name') {
      const answer = ics[node.name]
      if (answer === undefined)
        throw new HarnessError(
          `ICS expression "${expression}" names ${node.name}, which the profile does not answer`,
        )
      return answer
    }
    if (node.kind === 'not') return !evaluate(node.of)
    return node.kind === 'and'
      ? evaluate(node.left) && evaluate(node.right)
      : evaluate(node.left) || evaluate(node.right)
  }
  return evaluate(parse(expression))
}

/** The ICS items that an expression names. @throws HarnessError when it cannot be read. */
export function icsNames(expression: string): string[] {
  const names = (node: Node): string[] => {
    if (node.kind === 'name') return [node.name]
    return node.kind === 'not' ? names(node.of) : [...names(node.left), ...names(node.right)]
  }
  return names(parse(expression))
}

function parse(expression: string): Node {
  const tokens = expression.match(/[A-Za-z][A-Za-z0-9]*|&&|\|\||[!()]|\S/g) ?? []
  let at = 0
  const wrong = (): HarnessError =>
    new HarnessError(`ICS expression "${expression}": unexpected ${tokens[at] ?? 'end'}`)

  const primary = (): Node => {
    const token = tokens[at]
    if (token === '!') {
      at++
      return { kind: 'not', of: primary() }
    }
    if (token === '(') {
      at++
      const inner = either()
      if (tokens[at] !== ')') throw wrong()
      at++
      return inner
    }
    if (token === undefined || !/^[A-Za-z]/.test(token)) throw wrong()
    at++
    return { kind: 'name', name: token }
  }
  const both = (): Node => {
    let left = primary()
    while (tokens[at] === '&&') {
      at++
      left = { kind: 'and', left, right: primary() }
    }
    return left
  }
  const either = (): Node => {
    let left = both()
    while (tokens[at] === '||') {
      at++
      left = { kind: 'or', left, right: both() }
    }
    return left
  }

  const whole = either()
  if (at !== tokens.length) throw wrong()
  return whole
}
