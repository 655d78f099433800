import { setImmediate } from 'node:timers/promises'
import { EarlyCpe } from './early-cpe.ts'
import { faultOf, ModelCpe } from './model-cpe.ts'

/** A device that applies what it is asked for when the session has ended. */
class LateCpe extends ModelCpe {
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
}

/** Devices that are right, each in a way that others need not be, for the tests of this folder. */
export const rights: Readonly<Record<string, typeof ModelCpe>> = {
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
    /** Of two that wait one is told. */
    override get list() {
      const all = super.list
      const isFirst = (code: string, at: number) => all.findIndex((each) => each.code === code) === at
      return all.filter(({ code }, at) => code.startsWith('M ') || isFirst(code, at))
    }
    override async callPatiently(...[, , lost]: Parameters<ModelCpe['callPatiently']>) {
      await this.call()
      lost()
      return this.call()
    }
  },
  'one that applies what it is asked for when the session has ended': LateCpe,
  'one that restarts for it': class extends LateCpe {
    override ended() {
      const restarts = this.later.length > 0 && this.reboots.length === 0
      super.ended()
      if (restarts) this.boot([])
    }
    override failed() {
      const restarts = this.later.length > 0
      super.failed()
      if (restarts) this.boot([])
    }
  },
  'one whose table holds one row': class extends ModelCpe {
    override AddObject(args: Parameters<ModelCpe['AddObject']>[0]) {
      const isFull = args.ObjectName === this.grounds.table?.path && this.rows.size >= 1
      return isFull ? faultOf(9004) : super.AddObject(args)
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
