import { isFault, type RequestOf } from '../../cwmp/cwmp.ts'
import type { Wrong } from '../campaign/field.ts'
import type { Script, Target } from './commands.ts'
import { rowsIn } from './kept-values.ts'
import type { Line } from './line.ts'
import type { Model } from './model.ts'
import { Misbehaviour, Player } from './player.ts'
import { moveTo, perform } from './steps.ts'

/** A device whose every Inform has news of its own is not asked for longer. */
const MOST_SESSIONS = 3

/** What came of a script. */
export interface Played {
  /** `as expected`, or what was wrong: `Inform`, `SetParameterValues`, `silence` … */
  readonly answer: string
  readonly wrong?: Wrong
  /** What was said, one line each way. */
  readonly dialogue: readonly string[]
  /** What the device was in when it ended. */
  readonly state: string
}

/** A device and the model of it, from one script to the next. */
export class Stage {
  readonly #line: Line
  readonly model: Model
  /** Rows of the writable table that were there before any script. */
  #rows: readonly number[] = []

  constructor(model: Model, line: Line) {
    this.model = model
    this.#line = line
  }

  /** Gets to know the device, which may have been reset right before, and makes it quiet: no parameter notified of, and what each Inform lists learnt from one that has no news. */
  learn(signal: AbortSignal, isReset = false): Promise<Played> {
    return this.#perform(signal, async (player) => {
      await player.session()
      await this.#read(player, isReset)
      await player.end('properly')
      for (let session = 0; session < MOST_SESSIONS; session++) {
        const { inform } = await player.session()
        await player.end('properly')
        if (inform.Event.some(({ EventCode }) => EventCode === '4 VALUE CHANGE')) continue
        this.model.changes.learnUsual(inform)
        return
      }
    })
  }

  /**
   * Plays a script from the quiet state that `learn` or the script before has left, and makes the device quiet again: at the end everything
   * is read, held against the model and put back.
   */
  play(script: Script, signal: AbortSignal): Promise<Played> {
    return this.#perform(signal, async (player) => {
      player.afterReset = () => this.#read(player, true)
      for (const command of script) {
        signal.throwIfAborted()
        await perform(player, command)
      }
      await this.#tidy(player)
    })
  }

  async #perform(signal: AbortSignal, act: (player: Player) => Promise<void>): Promise<Played> {
    const player = new Player(this.model, this.#line, signal)
    const { dialogue } = player
    try {
      await act(player)
      return { answer: 'as expected', dialogue, state: stateOf(player) }
    } catch (error) {
      if (!(error instanceof Misbehaviour)) throw error
      const actual = [error.wrong.actual, ...dialogue.map((line) => `  ${line}`)].join('\n')
      return { answer: error.answer, wrong: { ...error.wrong, actual }, dialogue, state: stateOf(player) }
    }
  }

  /** Tells the device what it needs, and looks at all that scripts may change. */
  async #read(player: Player, isReset: boolean): Promise<void> {
    const { values, grounds } = this.model
    for (const ParameterList of this.#line.enrolments) {
      const request = { ParameterList: [...ParameterList], ParameterKey: 'enrolled' }
      const answer = await player.call('SetParameterValues', request, () => undefined)
      if (!isFault(answer)) values.parameterKey.become('enrolled')
    }
    if (grounds.table) {
      const { path } = grounds.table
      const answer = await player.call('GetParameterValues', { ParameterNames: [path] }, () => undefined)
      if (!isFault(answer)) {
        this.#rows = [
          ...rowsIn(
            answer.ParameterList.map(({ Name }) => Name),
            path,
          ),
        ]
        values.findRows(this.#rows)
      }
    }
    if (isReset) await this.#readFactory(player)
    // What stays active is active whatever the ACS says, and learnt so.
    await player.call('SetParameterAttributes', silence(this.#unforced), () => undefined)
    await perform(player, { do: 'getAttributes', at: this.#all })
    values.learnForced()
    await perform(player, { do: 'set', to: this.#all.map((at) => ({ at, to: 'a' })), key: 'quiet' })
    await perform(player, { do: 'get', at: this.#all })
  }

  /** Holds what the device has from its maker against what it had after the reset before. */
  async #readFactory(player: Player): Promise<void> {
    const ParameterNames = this.model.grounds.parameters.map(({ name }) => name)
    const values = await player.call('GetParameterValues', { ParameterNames }, () => undefined)
    await player.call('GetParameterAttributes', { ParameterNames }, (attributes) =>
      this.model.factory.judge(values, attributes),
    )
  }

  async #tidy(player: Player): Promise<void> {
    const { model } = this
    await perform(player, { do: 'wait' })
    await player.session()
    if (model.grounds.kinds.has('cancel'))
      for (const key of model.transfers.keys) await perform(player, { do: 'cancel', key })
    if (model.grounds.table) await perform(player, { do: 'getTable' })
    await perform(player, { do: 'get', at: this.#all })
    await perform(player, { do: 'getAttributes', at: this.#all })
    for (;;) {
      const row = model.values.rows.findIndex((number) => !this.#rows.includes(number))
      if (row < 0) break
      await perform(player, { do: 'delete', row, key: 'quiet' })
    }
    const loud = this.#all.filter((_, index) => this.#isLoud(index))
    if (loud.length > 0) {
      const to = loud.map((at) => ({ at, notification: 0, access: null }))
      await perform(player, { do: 'setAttributes', to })
    }
    await perform(player, { do: 'set', to: this.#all.map((at) => ({ at, to: 'a' })), key: 'quiet' })
    const [home] = this.#line.urls
    if (home !== undefined && !model.url.isOneOf(home)) {
      await moveTo(player, home)
      await player.end('properly')
      await player.session()
    }
    await player.end('properly')
  }

  get #all(): readonly Target[] {
    return this.model.grounds.parameters.map((_, index): Target => `p${index}`)
  }

  get #unforced(): readonly string[] {
    return this.model.grounds.parameters.filter(({ isForced }) => !isForced).map(({ name }) => name)
  }

  #isLoud(index: number): boolean {
    const { name } = this.model.grounds.parameters[index] as { name: string }
    const kept = this.model.values.parameters.get(name)
    return kept !== undefined && !kept.isForced && !kept.notification.isOneOf(0)
  }
}

function stateOf(player: Player): string {
  if (player.model.isBooting) return 'restarting'
  return player.isInSession ? 'in a session' : 'between sessions'
}

function silence(names: readonly string[]): RequestOf<'SetParameterAttributes'> {
  return {
    ParameterList: names.map((Name) => ({
      Name,
      NotificationChange: true,
      Notification: 0,
      AccessListChange: false,
      AccessList: [],
    })),
  }
}
