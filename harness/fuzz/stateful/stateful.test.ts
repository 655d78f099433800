import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Script } from './commands.ts'
import { allKinds } from './grounds.ts'
import { StatefulLanguage } from './language.ts'
import type { Contact } from './line.ts'
import { Model } from './model.ts'
import { faultOf, ModelCpe, madeUpGrounds } from './model-cpe.ts'
import { type Played, Stage } from './script.ts'

const grounds = { ...madeUpGrounds, kinds: new Set(allKinds) }
const language = new StatefulLanguage('stateful', grounds)
const { signal } = new AbortController()

async function play(Cpe: typeof ModelCpe, script: Script): Promise<Played> {
  const stage = new Stage(new Model(grounds), new Cpe(grounds))
  const learnt = await stage.learn(signal)
  if (learnt.wrong) return learnt
  return stage.play(script, signal)
}

/** The shortest script that shows the first thing that is wrong in so many random ones; greedily, as the campaign does it. */
async function shortest(
  Cpe: typeof ModelCpe,
  tries: number,
): Promise<{ script: Script; played: Played } | undefined> {
  let found: { script: Script; played: Played } | undefined
  for (const script of [
    ...language.coverage(),
    ...fc.sample(language.mutation, { numRuns: tries, seed: 1 }),
  ]) {
    const played = await play(Cpe, script)
    if (!played.wrong) continue
    found = { script, played }
    break
  }
  for (let smaller = found; smaller; ) {
    found = smaller
    smaller = undefined
    for (const script of language.simpler(found.script)) {
      const played = await play(Cpe, script)
      if (played.answer !== found.played.answer || played.wrong?.kind !== found.played.wrong?.kind) continue
      smaller = { script, played }
      break
    }
  }
  return found
}

/** A device whose Inform is on its way as soon as there is a reason for it, with what was known then. */
class EarlyCpe extends ModelCpe {
  early: Contact | undefined
  isOut = false
  override async nextContact(withinMs: number) {
    this.isOut = false
    const contact = this.early ?? (await super.nextContact(withinMs))
    this.early = undefined
    this.isOut = true
    return contact
  }
  override acknowledged(...told: Parameters<ModelCpe['acknowledged']>) {
    super.acknowledged(...told)
    this.isOut = false
  }
  override failed() {
    super.failed()
    this.isOut = false
  }
  override async setLocally(name: string, value: string) {
    await super.setLocally(name, value)
    this.begin()
  }
  override async call() {
    const result = await super.call()
    this.begin()
    return result
  }
  override ended() {
    super.ended()
    this.begin()
  }
  override async powerCycle() {
    this.early = undefined
    await super.powerCycle()
    this.begin()
  }
  override async factoryReset() {
    this.early = undefined
    await super.factoryReset()
    this.begin()
  }
  override askedAgain(session: Contact) {
    this.early = session
  }
  begin() {
    this.runTimers()
    if (!this.isInSession && !this.isOut && this.hasReason) this.early ??= this.open()
  }
}

const wrongs: Readonly<Record<string, typeof ModelCpe>> = {
  'a value that is lost with a reboot': class extends ModelCpe {
    override boot(keys: readonly string[]) {
      super.boot(keys)
      this.change('Device.Number', '1')
    }
  },
  'attributes that are lost with a reboot': class extends ModelCpe {
    override boot(keys: readonly string[]) {
      super.boot(keys)
      this.keptAt('Device.Boolean').notification = 0
    }
  },
  'a deleted row that comes back with a reboot': class extends ModelCpe {
    deleted: number[] = []
    override DeleteObject(args: never) {
      const before = [...this.rows.keys()]
      const answer = super.DeleteObject(args)
      this.deleted = before.filter((number) => !this.rows.has(number))
      return answer
    }
    override boot(keys: readonly string[]) {
      super.boot(keys)
      for (const number of this.deleted) this.rows.set(number, '')
    }
  },
  'an instance number that is given again': class extends ModelCpe {
    override newNumber() {
      return Math.max(0, ...this.rows.keys()) + 1
    }
  },
  'a reboot without M Reboot': class extends ModelCpe {
    override boot() {
      super.boot([])
    }
  },
  'an M Reboot that is told once although nobody heard it': class extends ModelCpe {
    override failed() {
      super.failed()
      this.events = this.events.filter(({ code }) => code !== 'M Reboot')
    }
  },
  'a value change that is told twice': class extends ModelCpe {
    again = new Set<string>()
    override acknowledged(...told: Parameters<ModelCpe['acknowledged']>) {
      super.acknowledged(...told)
      for (const name of told[1]) {
        if (!this.again.delete(name)) {
          this.again.add(name)
          this.changed.add(name)
        }
      }
    }
  },
  'a value change for what the ACS has set': class extends ModelCpe {
    override set(name: string, value: string) {
      super.set(name, value)
      if (this.kept.get(name)?.notification === 2) this.changed.add(name)
    }
  },
  'an active change that opens no session': class extends ModelCpe {
    override get hasReason() {
      return this.events.length > 0 || (this.retryAtMs !== undefined && this.retryAtMs <= this.now())
    }
  },
  'a passive change that nobody is told': class extends ModelCpe {
    override async setLocally(name: string, value: string) {
      await super.setLocally(name, value)
      if (this.kept.get(name)?.notification === 1) this.changed.delete(name)
    }
  },
  'a session for a passive change': class extends EarlyCpe {
    override get hasReason() {
      return super.hasReason || this.changed.size > 0
    }
  },
  'two of an event that there can be one of': class extends ModelCpe {
    override get list() {
      const list = super.list
      return [...list, ...list.filter(({ code }) => code === '3 SCHEDULED')]
    }
  },
  'a ParameterKey that AddObject does not store': class extends ModelCpe {
    override AddObject(args: never) {
      const before = this.parameterKey
      const answer = super.AddObject(args)
      this.parameterKey = before
      return answer
    }
  },
  'a ParameterKey that a refused request stores': class extends ModelCpe {
    override SetParameterValues(args: Parameters<ModelCpe['SetParameterValues']>[0]) {
      const answer = super.SetParameterValues(args)
      this.parameterKey = args.ParameterKey
      return answer
    }
  },
  'a set that is not atomic': class extends ModelCpe {
    override SetParameterValues(args: Parameters<ModelCpe['SetParameterValues']>[0]) {
      const answer = super.SetParameterValues(args)
      for (const { Name, Value, type } of args.ParameterList) {
        if (this.codeOf(Name, Value, type) !== undefined) break
        this.set(Name, Value)
      }
      return answer
    }
  },
  'a wrong fault for a row that is not there': class extends ModelCpe {
    override DeleteObject(args: never) {
      const answer = super.DeleteObject(args)
      return 'faultCode' in answer ? faultOf(9002) : answer
    }
  },
  'a RetryCount that does not count': class extends ModelCpe {
    override failed() {
      super.failed()
      this.retryCount = 1
    }
  },
  'a RetryCount that is not reset': class extends ModelCpe {
    override ended() {
      const before = this.retryCount
      super.ended()
      this.retryCount = before
    }
  },
  'a connection request that is told again': class extends ModelCpe {
    override failed() {
      const called = this.events.some(({ code }) => code === '6 CONNECTION REQUEST')
      super.failed()
      if (called) this.tell('6 CONNECTION REQUEST')
    }
  },
  'a schedule that a reboot forgets': class extends ModelCpe {
    override boot(keys: readonly string[]) {
      super.boot(keys)
      this.schedule = []
    }
  },
  'a schedule that comes too early': class extends ModelCpe {
    override ScheduleInform({ CommandKey, DelaySeconds }: { CommandKey: string; DelaySeconds: number }) {
      return super.ScheduleInform({ CommandKey, DelaySeconds: DelaySeconds === 3 ? 1 : DelaySeconds })
    }
  },
  'no 0 BOOTSTRAP for another URL': class extends ModelCpe {
    override bootstrap() {
      if (this.newUrl === undefined && this.url === 'http://acs.example/') super.bootstrap()
    }
  },
  'a 0 BOOTSTRAP that discards nothing': class extends ModelCpe {
    override bootstrap() {
      this.tell('0 BOOTSTRAP')
    }
  },
  'a download that is cancelled and comes all the same': class extends ModelCpe {
    override CancelTransfer() {
      return {}
    }
  },
  'a transfer that is reported twice': class extends ModelCpe {
    twice = new Set<object>()
    override reported(transfer: Parameters<ModelCpe['reported']>[0]) {
      if (this.twice.has(transfer)) super.reported(transfer)
      else this.tell(transfer.code, transfer.key)
      this.twice.add(transfer)
    }
  },
  'a transfer that failed and is reported as good': class extends ModelCpe {
    override transfer(code: string, key: string, delay: number) {
      return super.transfer(code, key, delay, true)
    }
  },
  'a transfer that is told and never reported': class extends ModelCpe {
    override reportable() {
      return []
    }
  },
  'a reset that keeps the ParameterKey': class extends ModelCpe {
    override reset() {
      const before = this.parameterKey
      super.reset()
      this.parameterKey = before
    }
  },
}

describe.each(Object.entries(wrongs))('%s', (_what, Cpe) => {
  test('is found, and made as short as can be', async () => {
    const found = await shortest(Cpe, 300)

    expect(found?.script.length, language.describe(found?.script ?? [])).toBeLessThanOrEqual(4)
    expect(found?.played.wrong?.actual).toContain('ACS  → ')
  })
})

const rights: Readonly<Record<string, typeof ModelCpe>> = {
  'a model CPE': ModelCpe,
  'one that is busy in a session': class extends ModelCpe {
    override async call() {
      return this.isInSession ? 'busy' : super.call()
    }
  },
  'one that has heard a request when there was nearly no time left': class extends ModelCpe {
    isAwaited = false
    isLate = false
    override async call() {
      this.isLate = this.isAwaited
      return super.call()
    }
    override async nextContact(withinMs: number) {
      this.isAwaited = true
      // Whoever waits asks meanwhile.
      await setImmediate()
      await setImmediate()
      this.isAwaited = false
      if (!this.isLate) return super.nextContact(withinMs)
      this.isLate = false
      return undefined
    }
  },
  'one whose answers to connection requests get lost, and that heeds each': class extends EarlyCpe {
    override async call() {
      const isOpening = this.early !== undefined
      const result = await super.call()
      // What comes when the Inform is on its way is told in the next one.
      if (isOpening) this.events.push({ code: '6 CONNECTION REQUEST', key: '' })
      return result
    }
    override async callPatiently(...[, , lost]: Parameters<ModelCpe['callPatiently']>) {
      await this.call()
      lost()
      return this.call()
    }
  },
  'one that applies what it is asked for when the session has ended': class extends ModelCpe {
    later: (() => void)[] = []
    override set(name: string, value: string) {
      if (name === 'Device.ManagementServer.URL') super.set(name, value)
      else this.later.push(() => super.set(name, value))
    }
    override SetParameterValues(args: Parameters<ModelCpe['SetParameterValues']>[0]) {
      const answer = super.SetParameterValues(args)
      return 'Status' in answer ? { Status: 1 } : answer
    }
    override ended() {
      this.apply()
      super.ended()
    }
    override failed() {
      this.apply()
      super.failed()
    }
    override async powerCycle() {
      this.apply()
      await super.powerCycle()
    }
    apply() {
      for (const one of this.later.splice(0)) one()
    }
  },
  'one that forgets untold changes with a reboot': class extends ModelCpe {
    override boot(keys: readonly string[]) {
      super.boot(keys)
      this.changed.clear()
    }
  },
  'one that tells again what it told in a session that failed': class extends ModelCpe {
    told: readonly { code: string; key: string }[] = []
    override acknowledged(...args: Parameters<ModelCpe['acknowledged']>) {
      super.acknowledged(...args)
      this.told = args[0]
    }
    override ended() {
      this.told = []
      super.ended()
    }
    override failed() {
      for (const { code, key } of this.told) this.tell(code, key)
      this.told = []
      super.failed()
    }
  },
  'one whose Informs are on their way at once': EarlyCpe,
  'one that takes its time': class extends ModelCpe {
    override ScheduleInform(args: Parameters<ModelCpe['ScheduleInform']>[0]) {
      return super.ScheduleInform({ ...args, DelaySeconds: args.DelaySeconds && args.DelaySeconds + 20 })
    }
    override transfer(code: string, key: string, delay: number, isGood: boolean) {
      return super.transfer(code, key, delay + 20, isGood)
    }
  },
  'one that transfers files before it answers': class extends ModelCpe {
    override transfer(code: string, key: string, delay: number, isGood: boolean) {
      if (delay > 0) return super.transfer(code, key, delay, isGood)
      const now = '2030-01-01T00:00:00Z'
      return isGood ? { Status: 0, StartTime: now, CompleteTime: now } : faultOf(9016)
    }
  },
  'one that tells of changes that came to nothing': class extends ModelCpe {
    override async setLocally(name: string, value: string) {
      const before = this.read(name)
      await super.setLocally(name, before ?? value)
      await super.setLocally(name, value)
    }
  },
  'one that says nothing of changes that came to nothing': class extends ModelCpe {
    before = new Map<string, string | undefined>()
    override async setLocally(name: string, value: string) {
      if (!this.changed.has(name)) this.before.set(name, this.read(name))
      await super.setLocally(name, value)
      if (this.before.get(name) === value) this.changed.delete(name)
    }
  },
  'one that refuses to change a forced notification': class extends ModelCpe {
    override SetParameterAttributes(args: Parameters<ModelCpe['SetParameterAttributes']>[0]) {
      const isForced = args.ParameterList.some(
        ({ Name, NotificationChange }) => Name === 'Device.Forced' && NotificationChange,
      )
      return isForced ? faultOf(9009) : super.SetParameterAttributes(args)
    }
  },
  'one that counts the session in which its power was cut': class extends ModelCpe {
    override async powerCycle() {
      if (this.isInSession) this.retryCount += 1
      await super.powerCycle()
    }
  },
}

describe.each(Object.entries(rights))('%s', (_what, Cpe) => {
  test('does what the model permits, whatever happens', async () => {
    const scripts = [...language.coverage(), ...fc.sample(language.mutation, { numRuns: 150, seed: 2 })]

    for (const script of scripts) expect((await play(Cpe, script)).wrong).toBeUndefined()
  })
})

test('scripts are the same when they have been JSON', () => {
  for (const script of fc.sample(language.mutation, { numRuns: 50, seed: 3 }))
    expect(language.fromJson(language.toJson(script))).toEqual(script)
})

test('what is no script is refused with a reason', () => {
  expect(() => language.fromJson([{ do: 'dance' }])).toThrow(/no script.*do/s)
})

test('making a script simpler comes to an end', () => {
  for (let [script] = fc.sample(language.mutation, { numRuns: 1, seed: 4 }), steps = 0; script; steps++) {
    expect(steps).toBeLessThan(200)
    script = [...language.simpler(script)].at(-1)
  }
})
