import {
  AcsRelay,
  deviceIdOf,
  type StoredDevice,
  storedValue,
  type Task,
  type TaskResult,
} from '../acs/acs.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { type Dut, makeStateDir, openDut, type Profile, removeStateDir } from '../dut/dut.ts'
import { ConformanceFailure, DeviceDead, DeviceSilent, HarnessError, Untestable } from '../failure.ts'
import { AcsConversation, type ConversationParts, informOf, type Patience } from './acs-conversation.ts'
import type { AcsSite } from './acs-site.ts'
import { whyNotCallable } from './callable.ts'
import { provisioningOf } from './enrolment.ts'
import { MessageLog } from './message-log.ts'
import { noSession } from './never-connected.ts'

/** How often the ACS is asked again for what its own scripts had no time for. */
const MOST_TRIES = 3

/** What a managed device is made of. */
interface Parts extends ConversationParts {
  readonly site: AcsSite
  readonly dut: Dut
  readonly stateDir: string
  readonly mutant: string | undefined
}

/**
 * The device under test as a real ACS manages it from birth. Between the two stands a relay, which changes nothing: what the device said
 * is in `messages` and in the transcript.
 */
export class ManagedDevice extends AcsConversation {
  readonly site: AcsSite
  readonly dut: Dut
  /** The mutant that it is, in the mutant lane. */
  readonly mutant: string | undefined
  /** Why there is no device to be managed. */
  dead: DeviceDead | undefined
  /** As the ACS calls it. */
  id = ''
  /** Why the bench keeps the ACS from calling the device, if it does: cases that need that cannot be tested. */
  uncallable: string | undefined
  /** Something that a case changed could not be put back. */
  #disturbed = false
  /** As the device told it last. */
  #connectionRequestUrl = ''
  /** How many URLs of the ACS it was given. */
  #urls = 0
  readonly #stateDir: string

  private constructor(parts: Parts) {
    super(parts)
    this.site = parts.site
    this.dut = parts.dut
    this.mutant = parts.mutant
    this.#stateDir = parts.stateDir
  }

  /** Opens the adapter, points the device at the ACS and waits until that has enrolled it. */
  static async start(profile: Profile, site: AcsSite, mutant?: string): Promise<ManagedDevice> {
    const { acs, credentials } = profile.pixit
    const transcript = new Transcript()
    for (const secret of [credentials.acsPassword, credentials.connectionRequestPassword])
      transcript.mask(secret)
    const messages = new MessageLog()
    const relay = await AcsRelay.listen({
      transcript,
      host: acs.host,
      port: acs.port,
      publicHost: acs.publicHost,
      acs: site.stack.origins.cwmp,
      onRequest: (exchange) => messages.add(exchange),
    })
    const stateDir = await makeStateDir()
    let dut: Dut | undefined
    try {
      dut = await openDut(profile, {
        stateDir,
        mutant,
        // The ACS is in a container, and reaches of this machine what listens on their common network.
        ...(profile.adapter.kind === 'reference' && {
          network: { enter: [], device: site.stack.gateway },
        }),
        log: (line) => void transcript.note(`device: ${line}`),
      })
      const device = new ManagedDevice({ profile, site, transcript, messages, relay, dut, stateDir, mutant })
      await device.#beBorn()
      return device
    } catch (error) {
      await dut?.close()
      await relay.close()
      await removeStateDir(stateDir)
      throw error
    }
  }

  /** Full name of a parameter below the root object, such as `DeviceInfo.SoftwareVersion`. */
  path(name: string): string {
    return `${this.profile.cwmp.root}${name}`
  }

  /**
   * Has the device be new to the ACS, and waits until it has been enrolled there: by a factory reset where the bench can do that, else by a
   * URL that it never had, which makes it a first contact as well (TR-069 3.7.1.5).
   * @returns the mark in the messages from which on they are those of this enrolment
   * @throws HarnessError when the ACS stumbles over itself again and again
   */
  async enrol(signal?: AbortSignal): Promise<number> {
    for (let tries = 1; ; tries++) {
      await this.forget(signal)
      const mark = this.messages.mark()
      if (this.id === '' || !this.dut.supports('factoryReset')) await this.comeBack(signal)
      else {
        await this.dut.factoryReset(signal)
        await this.#met(mark, { signal, timeoutMs: this.profile.pixit.timing.rebootSeconds * 1000 })
      }
      const why = await this.#stumbled()
      if (why === undefined) return mark
      this.transcript.note(`the ACS stumbled over itself, once more: ${why}`)
      if (tries === MOST_TRIES) throw new HarnessError(`GenieACS cannot enrol the device: ${why}`)
    }
  }

  /** Why the ACS gave its own scripts up, as on a machine without time for them; forgotten then. Nothing of it is the device's fault. */
  async #stumbled(): Promise<string | undefined> {
    const { genie } = this.site
    const own = (await genie.faults({ device: this.id })).filter(({ code }) => code.startsWith('script.'))
    for (const { _id } of own) await genie.deleteFault(_id)
    return own[0] && `${own[0].code} ${own[0].message}`
  }

  /** Has the ACS forget the device, once it is in no session. */
  async forget(signal?: AbortSignal): Promise<void> {
    if (this.id === '') return
    const look = async () => (await this.site.genie.deleteDevice(this.id)) || undefined
    await this.until('the end of the session', look, { signal })
  }

  /**
   * Brings the device back to where a case expects it: alive, known to the ACS, and with nothing left to be done.
   * @param errors with which the case ended. One that could not have the device called has left nothing behind.
   */
  async settle(errors: readonly { readonly message: string }[]): Promise<void> {
    const failed = errors.some(({ message }) => message !== this.uncallable)
    if (!(failed || this.#disturbed) || this.dead) return
    this.#disturbed = false
    this.transcript.note('bringing the device back to a known state')
    try {
      // Nobody knows what it is in the middle of, nor at which URL.
      await this.site.stack.resumeMongo().catch(() => {})
      await this.comeBack()
      await this.enrol()
    } catch (error) {
      if (!(error instanceof ConformanceFailure)) throw error
      this.dead = new DeviceDead(`the device does not come back to the ACS: ${error.message}`)
    }
  }

  /** Carries out what a case left to be undone; what cannot be put back has the device brought back as a whole. */
  async undo(steps: readonly (() => Promise<void>)[]): Promise<void> {
    for (const step of steps) {
      try {
        await step()
      } catch (error) {
        // Of a device that cannot be called nothing was changed that takes a call to be put back.
        if (error instanceof Untestable && this.uncallable !== undefined) continue
        if (!(error instanceof ConformanceFailure)) throw error
        this.transcript.note(`could not be undone: ${error.message}`)
        this.#disturbed = true
      }
    }
  }

  /** To be asked before the ACS is to call the device. @throws Untestable when the bench keeps it from that */
  needCall(): void {
    if (this.uncallable !== undefined) throw new Untestable(this.uncallable)
  }

  /** Asks the device for a session, in which the ACS carries out the task. @throws Untestable when the bench keeps the ACS from calling */
  async run(task: Task): Promise<TaskResult> {
    this.needCall()
    const { informSeconds } = this.profile.pixit.timing
    const result = await this.site.genie.run(this.id, task, informSeconds * 1000)
    this.transcript.note(
      `GenieACS: ${task.name} ${result.state}${result.reason ? ` (${result.reason})` : ''}`,
    )
    return result
  }

  /**
   * As `run`, for a task that has to succeed.
   * @throws ConformanceFailure with what the ACS says
   * @throws Untestable when the bench keeps the ACS from calling the device
   * @throws HarnessError when the ACS stumbles over itself again and again, as its scripts do on a machine without time for them
   */
  async do(task: Task): Promise<void> {
    const { genie } = this.site
    for (let tries = 1; ; tries++) {
      const { id, state, reason } = await this.run(task)
      if (state === 'done') return
      const [fault] = await genie.faults({ _id: `${this.id}:task_${id}` })
      const why = fault ? `${fault.code} ${fault.message}` : reason
      if (!fault?.code.startsWith('script.'))
        throw new ConformanceFailure(`the ACS to be done with its task ${task.name}`, `${state} (${why})`)
      await genie.deleteFault(fault._id)
      await genie.deleteTask(id)
      if (tries === MOST_TRIES) throw new HarnessError(`GenieACS cannot carry out ${task.name}: ${why}`)
    }
  }

  /** The device as the database has it now. @throws ConformanceFailure when the ACS does not know it */
  async stored(projection?: readonly string[]): Promise<StoredDevice> {
    const device = await this.site.genie.device(this.id, projection)
    if (!device) throw new ConformanceFailure(`the ACS to know the device ${this.id}`, 'no such device')
    return device
  }

  /** A value in the database. */
  async storedValue(path: string): Promise<unknown> {
    return storedValue(await this.stored([path]), path)
  }

  /** Waits until the database has that value. */
  async untilStored(path: string, value: unknown, patience?: Patience): Promise<void> {
    let last: unknown
    try {
      await this.until(
        '',
        async () => {
          last = await this.storedValue(path).catch(() => undefined)
          return last === value || undefined
        },
        patience,
      )
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      throw new ConformanceFailure(`${path} = ${value} in the database`, String(last))
    }
  }

  async close(): Promise<void> {
    await this.dut.close()
    await this.relay.close()
    await removeStateDir(this.#stateDir)
    // A session that the end of the device has cut stays open at the ACS for a while; what it knows of it harms nobody.
    if (this.id !== '') await this.site.genie.deleteDevice(this.id)
  }

  /** Points the device at the ACS under a URL that it never had, which makes it a first contact, and waits for the end of that session. */
  async comeBack(signal?: AbortSignal): Promise<void> {
    const mark = this.messages.mark()
    this.#urls += 1
    await this.pointAt(this.#acsUrl, signal)
    await this.#met(mark, { signal, timeoutMs: this.profile.pixit.timing.bootSeconds * 1000 })
  }

  /** Points the device at an ACS, of the bench or not. */
  async pointAt(acsUrl: string, signal?: AbortSignal): Promise<void> {
    await this.dut.provision(provisioningOf(this.profile, acsUrl, this.site.authority), signal)
  }

  /** Where it was last told that the ACS is, but for what cases told it. */
  get #acsUrl(): string {
    return this.relay.url(`cwmp/${this.#urls}`)
  }

  /** Waits for the next session, whatever the device tells in it, and for its end. */
  async #met(mark: number, patience: Patience): Promise<void> {
    const inform = await this.nextInform(mark, () => true, patience)
    this.id = deviceIdOf(informOf(inform).DeviceId)
    const name = this.path('ManagementServer.ConnectionRequestURL')
    const url = informOf(inform).ParameterList.find(({ Name }) => Name === name)?.Value
    if (url !== undefined) this.#connectionRequestUrl = url
    await this.quiet(patience)
  }

  /** A device that does not come leaves its reason for every case, and so does a bench on which it cannot be called. */
  async #beBorn(): Promise<void> {
    await this.#comeFirst()
    if (this.dead) return
    const { stack } = this.site
    this.uncallable = await whyNotCallable(this.#connectionRequestUrl, {
      fromAcs: (host, port) => stack.tryConnect(host, port),
    })
    if (this.uncallable !== undefined) this.transcript.note(this.uncallable)
  }

  async #comeFirst(): Promise<void> {
    try {
      await this.enrol()
    } catch (error) {
      if (!(error instanceof ConformanceFailure)) throw error
      // Whatever is wrong with its first session, there is a device: the cases say what.
      if (this.id !== '') return
      this.dead = new DeviceDead(
        noSession({
          acsUrl: this.#acsUrl,
          seconds: this.profile.pixit.timing.bootSeconds,
          entries: this.transcript.since(0),
          nowMs: this.transcript.now(),
          masked: (head) => this.transcript.maskedHead(head),
        }),
      )
    }
  }
}
