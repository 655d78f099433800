import { EarlyCpe } from './early-cpe.ts'
import { faultOf, ModelCpe } from './model-cpe.ts'

/** Devices with one thing wrong, for the tests of this folder. */
export const wrongs: Readonly<Record<string, typeof ModelCpe>> = {
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
  'a reset that keeps values': class extends ModelCpe {
    override reset() {
      const before = this.kept.get('Device.Number')?.value
      super.reset()
      if (before !== undefined) this.change('Device.Number', before)
    }
  },
  'a reset that keeps attributes': class extends ModelCpe {
    override reset() {
      const before = this.kept.get('Device.Boolean')?.notification
      super.reset()
      if (before !== undefined) this.keptAt('Device.Boolean').notification = before
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
