import fc from 'fast-check'
import { type Command, type CommandKind, type Script, spoilings, type Target } from './commands.ts'
import type { Grounds } from './grounds.ts'

/** CommandKeys and ParameterKeys: few, so that some come twice. */
const key = fc.constantFrom('', 'a', 'b', 'c')
const index = fc.nat({ max: 5 })

/** Device seconds: at once, soon, and after the end of any script. */
const soon = fc.constantFrom(1, 2, 3)
const delay = fc.constantFrom(0, 1, 2, 86_400)

const parameter = index.map((at): Target => `p${at}`)
const row = index.map((at): Target => `row${at}`)

interface Weighted {
  readonly arbitrary: fc.Arbitrary<Command>
  readonly weight: number
}

function kindsOf(grounds: Grounds): Readonly<Record<CommandKind, Weighted>> {
  const there = grounds.table
    ? fc.oneof({ weight: 3, arbitrary: parameter }, { weight: 1, arbitrary: row })
    : parameter
  const readable = fc.oneof(
    { weight: 12, arbitrary: there },
    { weight: 1, arbitrary: fc.constant<Target>('noSuch') },
  )
  const good = fc.record({ at: there, to: fc.constantFrom('a' as const, 'b' as const) })
  const odd = fc.record({
    at: fc.oneof(there, fc.constantFrom<Target>('readOnly', 'noSuch')),
    to: fc.constantFrom('a' as const, 'b' as const, 'bad' as const, 'wrongType' as const),
  })
  const setting = fc.oneof({ weight: 4, arbitrary: good }, { weight: 1, arbitrary: odd })
  const attributes = fc.record({
    at: readable,
    notification: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(0, 1, 2, null) },
      { weight: 1, arbitrary: fc.constant(7) },
    ),
    access: grounds.hasAccessList ? fc.constantFrom(null, null, [], ['Subscriber']) : fc.constant(null),
  })
  const of = <C extends Command>(
    weight: number,
    kind: C['do'],
    rest: fc.Arbitrary<Omit<C, 'do'>>,
  ): Weighted => ({
    weight,
    arbitrary: rest.map((args) => ({ do: kind, ...args }) as unknown as Command),
  })
  const plain = (weight: number, kind: CommandKind): Weighted => of(weight, kind, fc.constant({}))
  const few = <T>(each: fc.Arbitrary<T>) => fc.array(each, { minLength: 1, maxLength: 4 })
  return {
    get: of(4, 'get', fc.record({ at: few(readable) })),
    getTable: plain(2, 'getTable'),
    set: of(8, 'set', fc.record({ to: few(setting), key })),
    getAttributes: of(2, 'getAttributes', fc.record({ at: few(readable) })),
    setAttributes: of(6, 'setAttributes', fc.record({ to: few(attributes) })),
    add: of(
      4,
      'add',
      fc.record({ table: fc.constantFrom('writable', 'writable', 'writable', 'noSuch'), key }),
    ),
    delete: of(
      3,
      'delete',
      fc.record({ row: fc.oneof({ weight: 5, arbitrary: index }, fc.constant('noSuch')), key }),
    ),
    reboot: of(3, 'reboot', fc.record({ key })),
    factoryReset: plain(1, 'factoryReset'),
    scheduleInform: of(
      4,
      'scheduleInform',
      fc.record({
        delay: fc.oneof({ weight: 9, arbitrary: soon }, { weight: 1, arbitrary: fc.constant(0) }),
        key,
      }),
    ),
    download: of(4, 'download', fc.record({ delay, key, file: fc.constantFrom('good', 'good', 'missing') })),
    upload: of(2, 'upload', fc.record({ delay, key })),
    cancel: of(3, 'cancel', fc.record({ key })),
    queued: plain(2, 'queued'),
    move: of(2, 'move', fc.record({ place: fc.nat({ max: 2 }) })),
    end: of(8, 'end', fc.record({ how: fc.constantFrom('properly', 'properly', 'properly', '500', 'cut') })),
    spoil: of(4, 'spoil', fc.record({ how: fc.constantFrom(...spoilings) })),
    repeatRequest: plain(2, 'repeatRequest'),
    setLocally: of(8, 'setLocally', fc.record({ at: parameter })),
    powerCycle: plain(2, 'powerCycle'),
    resetLocally: plain(1, 'resetLocally'),
    call: of(
      4,
      'call',
      fc.record({ way: fc.constantFrom(...(grounds.ways.length > 0 ? grounds.ways : ['http'])) }),
    ),
    wait: plain(2, 'wait'),
  }
}

/** Scripts of commands of these kinds, as far as the device can be given them. */
export function scripts(
  grounds: Grounds,
  kinds: ReadonlySet<CommandKind>,
  longest: number,
): fc.Arbitrary<Script> {
  const all = kindsOf(grounds)
  const usable = [...kinds].filter((kind) => grounds.kinds.has(kind))
  const command = fc.oneof(...usable.map((kind) => all[kind]))
  const commands = fc.commands([command.map((each) => new Written(each))], {
    maxCommands: longest,
    size: 'max',
    disableReplayLog: true,
  })
  return commands.map((run) => {
    const script: Command[] = []
    fc.modelRun(() => ({ model: {}, real: script }), run)
    return script
  })
}

/** A command that is written down, to be carried out later. */
class Written implements fc.Command<object, Command[]> {
  readonly #command: Command

  constructor(command: Command) {
    this.#command = command
  }

  check(): boolean {
    return true
  }

  run(_model: object, script: Command[]): void {
    script.push(this.#command)
  }
}
