import { ScriptedAcs } from '../acs/acs.ts'
import { Transcript } from '../cwmp/transcript.ts'
import {
  type DeviceNetwork,
  type Dut,
  makeStateDir,
  openDut,
  type Profile,
  removeStateDir,
} from '../dut/dut.ts'
import { ConformanceFailure, DeviceDead, DeviceSilent } from '../failure.ts'
import { CertificateAuthority } from '../net/net.ts'
import type { RealPeers } from '../peers/peers.ts'
import { Caller, type CallParts } from './caller.ts'
import { MessageLog } from './message-log.ts'
import { noSession } from './never-connected.ts'

/** A device that cannot be worked with is tried again so often, and not for every case. */
const maxFailedEnrolments = 3

/**
 * The device under test on its bench: adapter, scripted ACS and transcript, and the means to open a session at will.
 * One test bed serves all cases of a worker; `settle` gives the next case a known device after a failed one.
 */
export class TestBed extends Caller {
  /** What the device sent since the case began. */
  readonly messages: MessageLog
  /** Set once the device stayed dead; every later case ends at once with this reason. */
  dead: DeviceDead | undefined
  /** Why the device cannot be worked with although it is not dead, such as Informs that are none. */
  obstacle: ConformanceFailure | undefined
  /** The real peers that the case meets in place of scripted ones; undefined where it meets none. */
  realPeers: RealPeers | undefined
  #failedEnrolments = 0
  /** Something that a case changed could not be put back. */
  #disturbed = false
  readonly #stateDir: string

  private constructor(parts: CallParts, messages: MessageLog, stateDir: string) {
    super(parts)
    this.messages = messages
    this.#stateDir = stateDir
  }

  /**
   * Starts the ACS, opens the adapter and enrols the device.
   * A device that does not come leaves a test bed whose `dead` is set: the cases report it, each with its own ERROR.
   * @throws HarnessError when the ACS's port is taken or the adapter breaks its contract.
   */
  static async start(profile: Profile, mutant?: string, network?: DeviceNetwork): Promise<TestBed> {
    const transcript = new Transcript()
    for (const secret of [
      profile.pixit.credentials.acsPassword,
      profile.pixit.credentials.connectionRequestPassword,
    ])
      transcript.mask(secret)
    const messages = new MessageLog()
    const acs = await ScriptedAcs.listen({
      onRequest: (exchange) => messages.add(exchange),
      publicHost: profile.pixit.acs.publicHost,
      host: profile.pixit.acs.host,
      port: profile.pixit.acs.port,
      transcript,
      silenceMs: profile.pixit.timing.responseSeconds * 1000,
      xmlDeclaration: profile.pixit.acs.xmlDeclaration,
      soapPrefixes: profile.pixit.acs.soapPrefixes,
    })
    const stateDir = await makeStateDir()
    const authority = await CertificateAuthority.create()
    let dut: Dut | undefined
    try {
      dut = await openDut(profile, {
        stateDir,
        mutant,
        ...(network && { network }),
        log: (line) => void transcript.note(`device: ${line}`),
      })
      const bed = new TestBed({ profile, acs, dut, transcript, authority }, messages, stateDir)
      await bed.#enrolOrBury()
      return bed
    } catch (error) {
      await dut?.close()
      await acs.close()
      await removeStateDir(stateDir)
      throw error
    }
  }

  /** Ends what the case left open; after a failed one brings the device back to a known state: alive, at this ACS, enrolled. */
  async settle(failed: boolean): Promise<void> {
    await this.acs.drain()
    this.acs.reset()
    if (this.dead || !(failed || this.#disturbed)) return
    if (this.#failedEnrolments >= maxFailedEnrolments) return
    this.transcript.note('bringing the device back to a known state')
    if (this.#disturbed && this.dut.supports('factoryReset')) await this.dut.factoryReset()
    this.#disturbed = false
    await this.#enrolOrBury()
  }

  /** Carries out what a case left to be undone. A device that went silent is brought back afterwards by `settle`. */
  async undo(steps: readonly (() => Promise<void>)[]): Promise<void> {
    await this.acs.drain()
    this.acs.reset()
    for (const step of steps) {
      try {
        await step()
      } catch (error) {
        if (!(error instanceof ConformanceFailure)) throw error
        this.transcript.note(`could not be undone: ${error.message}`)
        this.#disturbed = true
      }
    }
  }

  async close(): Promise<void> {
    await this.dut.close()
    await this.acs.close()
    await removeStateDir(this.#stateDir)
  }

  async #enrolOrBury(): Promise<void> {
    try {
      await this.enrol()
      this.obstacle = undefined
    } catch (first) {
      if (!(first instanceof ConformanceFailure)) throw first
      if (!(first instanceof DeviceSilent)) {
        // It speaks, but no Inform that could open a session: every case can only say so.
        this.obstacle = first
        this.#failedEnrolments += 1
        return
      }
      if (await this.#revive()) return
      this.dead = new DeviceDead(
        noSession({
          acsUrl: this.acsUrl,
          seconds: this.profile.pixit.timing.bootSeconds,
          entries: this.transcript.since(0),
          nowMs: this.transcript.now(),
          masked: (head) => this.transcript.maskedHead(head),
        }),
      )
      this.transcript.note(this.dead.message)
    }
  }

  /** A second try after a power cycle, where the adapter can do that. */
  async #revive(): Promise<boolean> {
    if (!this.dut.supports('powerCycle')) return false
    try {
      await this.dut.powerCycle()
      await this.enrol()
      return true
    } catch (error) {
      if (error instanceof ConformanceFailure) return false
      throw error
    }
  }
}
