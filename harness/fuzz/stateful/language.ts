import type fc from 'fast-check'
import type { Cell, FuzzLanguage, Json } from '../campaign/field.ts'
import { scripts } from './arbitraries.ts'
import { type Command, type CommandKind, describeCommand, type Script } from './commands.ts'
import type { Grounds } from './grounds.ts'
import { scenariosFor } from './scenarios.ts'
import { readScript } from './script-json.ts'

/** So many commands a random script has at the most. */
const LONGEST = 20

/** Scripts of what an ACS, a user and the network do to a device. */
export class StatefulLanguage implements FuzzLanguage<Script> {
  readonly name: string
  readonly mutation: fc.Arbitrary<Script>
  readonly randomPhase = 'stateful'
  readonly #grounds: Grounds
  readonly #kinds: ReadonlySet<CommandKind>

  /** @param kinds those that the scripts are about; all unless given */
  constructor(name: string, grounds: Grounds, kinds: readonly CommandKind[] = [...grounds.kinds]) {
    this.name = name
    this.#grounds = grounds
    this.#kinds = new Set(kinds)
    this.mutation = scripts(grounds, this.#kinds, LONGEST)
  }

  coverage(): Iterable<Script> {
    return scenariosFor(this.#grounds, this.#kinds)
  }

  /** A script is told by its last command: after shrinking, that upon which something went wrong. */
  cellOf(script: Script): Cell {
    return cell(script.at(-1)?.do ?? 'nothing')
  }

  cellsOf(script: Script): readonly Cell[] {
    return [...new Set(script.map((command) => command.do))].map(cell)
  }

  cells(): Iterable<Cell> {
    return [...this.#kinds].filter((kind) => this.#grounds.kinds.has(kind)).map(cell)
  }

  *simpler(script: Script): Iterable<Script> {
    // A device that fails before any script needs none of it.
    if (script.length > 0) yield []
    for (let size = Math.floor(script.length / 2); size > 0; size = Math.floor(size / 2))
      for (let at = script.length - size; at >= 0; at -= size) yield script.toSpliced(at, size)
    for (const [at, command] of script.entries())
      for (const plain of plainer(command)) yield script.toSpliced(at, 1, plain)
  }

  describe(script: Script): string {
    return script.map(describeCommand).join(' · ') || 'nothing'
  }

  requestsOf(script: Script): number {
    return script.length
  }

  toJson(script: Script): Json {
    return JSON.parse(JSON.stringify(script)) as Json
  }

  fromJson(json: Json): Script {
    return readScript(json)
  }
}

function cell(kind: string): Cell {
  return { requestClass: kind, element: '', breakage: 'none' }
}

/** The same command with less in it. */
function* plainer(command: Command): Generator<Command> {
  if ('to' in command && command.to.length > 1)
    for (const at of command.to.keys()) yield { ...command, to: command.to.toSpliced(at, 1) } as Command
  if ((command.do === 'get' || command.do === 'getAttributes') && command.at.length > 1)
    for (const at of command.at.keys()) yield { ...command, at: command.at.toSpliced(at, 1) }
  if ('key' in command && command.key !== '' && command.do !== 'cancel') yield { ...command, key: '' }
  if ('delay' in command && command.delay > 1) yield { ...command, delay: 1 }
}
