/** The agent as a process: one state directory, one control socket, and a device in it that boots again and again. Composition root. */
import { type CommandMembers, ControlServer } from './control/control.ts'
import type { Cpe, CpeStatus } from './cpe.ts'
import { factoryResetIsDue } from './lifecycle.ts'
import type { AgentOptions } from './options.ts'
import { type AgentParts, defaultParts } from './parts.ts'
import { BatteryClock, type Clock, guardedClock, type Log } from './platform/platform.ts'
import { type AcsAccount, provisioningOf } from './provisioning.ts'
import { lockStateDirectory } from './state/state.ts'

export type { AgentOptions } from './options.ts'
export { type AgentParts, defaultParts } from './parts.ts'

export class Agent {
  #options: AgentOptions
  readonly #parts: AgentParts
  readonly #log: Log
  readonly #battery: BatteryClock
  #clock: Clock | undefined
  #unlock = () => {}
  #control: ControlServer | undefined
  #cpe: Cpe | undefined
  #boots = 0
  readonly #exit = Promise.withResolvers<void>()
  /** Boots and stops follow one another. */
  #work: Promise<void> = Promise.resolve()

  constructor(options: AgentOptions, parts: AgentParts, log: Log) {
    this.#options = options
    this.#parts = parts
    this.#log = log
    this.#battery = new BatteryClock(options.stateDirectory)
    // Who does not ask is not interested.
    this.#exit.promise.catch(() => {})
  }

  /** Boots and opens the control socket. Rejects with StateDirectoryInUse or PortInUse. */
  async start(): Promise<void> {
    const { stateDirectory } = this.#options
    this.#unlock = lockStateDirectory(stateDirectory)
    try {
      this.#clock = this.#wakeClock()
      await this.#then(() => this.#boot())
      this.#control = new ControlServer(stateDirectory, this, this.#log.about('control'))
      await this.#control.listen()
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** Resolves when somebody at the device wants the program to end, rejects when the device has not come up after a reboot. */
  get exited(): Promise<void> {
    return this.#exit.promise
  }

  /** Stops and lets go of the state directory. */
  async stop(): Promise<void> {
    await this.#control?.close()
    await this.#then(() => this.#halt())
    this.#unlock()
    this.#unlock = () => {}
  }

  /** Switches the device off and on, whatever it is doing. A device that does not come up again ends the program. */
  async reboot(): Promise<void> {
    try {
      await this.#then(async () => {
        await this.#halt()
        await this.#boot()
      })
    } catch (error) {
      this.#exit.reject(error)
      throw error
    }
  }

  /** Presses the reset button. */
  async factoryReset(): Promise<void> {
    const device = await this.#running()
    device.requestFactoryReset()
    await this.reboot()
  }

  /** Gives the device another ACS, to which it also returns after a factory reset. Rejects with CwmpFault for a value that the data model does not take. */
  async provision(account: AcsAccount): Promise<void> {
    const device = await this.#running()
    device.provision(provisioningOf(account))
    const given = Object.entries(account).filter(([, value]) => value !== undefined)
    this.#options = { ...this.#options, ...Object.fromEntries(given) }
  }

  /** Rejects with CwmpFault for an unknown path or a value that the data model does not take. */
  async setLocally(path: string, value: string): Promise<void> {
    const device = await this.#running()
    device.setLocally(path, value)
  }

  /** Tells the device the time, in milliseconds since the Unix epoch. */
  async setClock(time: number): Promise<void> {
    const device = await this.#running()
    this.#battery.set(time, this.#options.clockRate)
    device.setClock(time)
  }

  /** Carries out a command of a feature; undefined when none knows it. */
  async featureCommand(name: string, members: CommandMembers): Promise<object | undefined> {
    const device = await this.#running()
    return device.featureCommand(name, members)
  }

  async status(): Promise<CpeStatus & { boots: number }> {
    const device = await this.#running()
    return { boots: this.#boots, ...device.status }
  }

  #wakeClock(): Clock {
    const { clockRate, initialTime } = this.#options
    if (typeof initialTime === 'number') this.#battery.set(initialTime, clockRate)
    const time = initialTime === 'unknown' ? initialTime : this.#battery.start(clockRate)
    return guardedClock(this.#parts.createClock(clockRate, time), this.#log)
  }

  /** The device once it has booted. */
  async #running(): Promise<Cpe> {
    await this.#work
    if (!this.#cpe) throw new Error('the device did not boot')
    return this.#cpe
  }

  #then(action: () => Promise<void>): Promise<void> {
    const work = this.#work.then(action)
    this.#work = work.catch(() => {})
    return work
  }

  async #halt(): Promise<void> {
    const cpe = this.#cpe
    this.#cpe = undefined
    await cpe?.stop()
  }

  async #boot(): Promise<void> {
    const clock = this.#clock ?? this.#wakeClock()
    const store = this.#parts.createStore(this.#options.stateDirectory, this.#log.about('state'))
    if (factoryResetIsDue(store)) {
      this.#options.configuration?.reset()
      store.clear([])
    }
    const cpe = this.#parts.createCpe({
      options: this.#options,
      parts: this.#parts,
      store,
      clock,
      log: this.#log,
      // The answer to whoever asked for it goes out first.
      exit: () => setImmediate(() => this.#exit.resolve()),
      reboot: () => void this.reboot().catch((error: Error) => this.#log.alert(error.message)),
    })
    try {
      await cpe.start()
    } catch (error) {
      await cpe.stop()
      throw error
    }
    this.#boots++
    this.#cpe = cpe
  }
}

/** Puts an agent together from parts. */
export function composeAgent(options: AgentOptions, log: Log, parts: AgentParts = defaultParts()): Agent {
  return new Agent(options, parts, log)
}
