import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { HarnessError } from '../failure.ts'
import type { AdapterOf } from './adapter-profile.ts'
import { type Answer, Channel } from './channel.ts'
import { type Ability, type Adapter, abilities, type Provisioning } from './operations.ts'
import { ProcessGroup } from './process-group.ts'
import type { Profile } from './profile.ts'

/** The contract's number; docs/writing-a-dut-adapter.md describes it. */
const contract = '1'

/** How long programs that the adapter has ended may take to be gone after it. */
const leftoverMs = 500

interface CommandOptions {
  readonly timing: Profile['pixit']['timing']
  readonly stateDir: string
  readonly log: (line: string) => void
}

/**
 * Starts an adapter program and asks it for its abilities.
 * @throws {HarnessError} when it cannot be started or does not greet as the contract says; nothing is left running then
 */
export async function openCommand(
  adapter: AdapterOf<'command'>,
  { timing, stateDir, log }: CommandOptions,
): Promise<Adapter> {
  const process_ = await ProcessGroup.start(adapter.command, {
    cwd: adapter.folder,
    env: { ...process.env, ...adapter.environment, CWMP_DUT_STATE_DIR: stateDir },
    log,
    dialogue: true,
  })
  const client = new AdapterClient(process_, basename(adapter.command[0] ?? ''), timing, stateDir, log)
  try {
    return client.operations(await client.greet())
  } catch (error) {
    await process_.stop()
    throw error
  }
}

class AdapterClient {
  readonly #process: ProcessGroup
  readonly #channel: Channel
  readonly #name: string
  readonly #timing: Profile['pixit']['timing']
  readonly #stateDir: string

  constructor(
    process: ProcessGroup,
    name: string,
    timing: Profile['pixit']['timing'],
    stateDir: string,
    log: (line: string) => void,
  ) {
    this.#process = process
    this.#channel = new Channel(process, name, log)
    this.#name = name
    this.#timing = timing
    this.#stateDir = stateDir
  }

  /** Asks for the contract and the abilities. */
  async greet(): Promise<ReadonlySet<Ability>> {
    const seconds = this.#timing.adapterSeconds
    const late = new HarnessError(
      `adapter ${this.#name}: did not answer hello within ${seconds} s (pixit.timing.adapterSeconds)`,
    )
    const given = new AbortController()
    const timer = setTimeout(() => given.abort(late), seconds * 1000)
    const answer = await this.#ask('hello', { contract }, given.signal).finally(() => clearTimeout(timer))
    const claimed =
      typeof answer.abilities === 'string' ? answer.abilities.split(/[ ,]+/).filter(Boolean) : undefined
    if (!claimed) throw this.#breach('hello', 'a text "abilities"', answer)
    const unknown = claimed.find((name) => !abilities.some((ability) => ability === name))
    if (unknown) throw this.#breach('hello', `abilities out of ${abilities.join(' ')}`, answer)
    for (const required of ['provision', 'alive']) {
      if (!claimed.includes(required)) throw this.#breach('hello', `the ability ${required}`, answer)
    }
    return new Set(abilities.filter((ability) => claimed.includes(ability)))
  }

  /** The operations that the adapter claims. */
  operations(claimed: ReadonlySet<Ability>): Adapter {
    const operations: Adapter = {
      provision: async (provisioning, signal) => {
        await this.#ask('provision', await this.#provisioning(provisioning), signal)
      },
      alive: async (signal) => {
        const answer = await this.#ask('alive', {}, signal)
        if (answer.alive !== 'yes' && answer.alive !== 'no') {
          throw this.#breach('alive', '"alive":"yes" or "alive":"no"', answer)
        }
        return answer.alive === 'yes'
      },
      sendUnknown: async (request, signal) => {
        const { answer } = await this.#channel.request(request, {}, signal)
        return answer === 'unsupported' ? 'unsupported' : 'answered'
      },
      stop: (signal) => this.#stop(signal),
      endByForce: () => this.#process.stop(),
    }
    if (claimed.has('powerCycle')) {
      operations.powerCycle = async (signal) => void (await this.#ask('powerCycle', {}, signal))
    }
    if (claimed.has('factoryReset')) {
      operations.factoryReset = async (signal) => void (await this.#ask('factoryReset', {}, signal))
    }
    if (claimed.has('setLocally')) {
      operations.setLocally = async (path, value, signal) =>
        void (await this.#ask('setLocally', { path, value }, signal))
    }
    if (claimed.has('setClock')) {
      operations.setClock = async (time, signal) => void (await this.#ask('setClock', { time }, signal))
    }
    if (claimed.has('clientCertificate')) {
      operations.clientCertificate = async (certificate, signal) =>
        void (await this.#ask(
          'clientCertificate',
          {
            certificateFile: await this.#file('client-certificate.pem', certificate?.cert),
            keyFile: await this.#file('client-key.pem', certificate?.key),
          },
          signal,
        ))
    }
    if (claimed.has('dnsServer')) {
      operations.dnsServer = async (server = '', signal) =>
        void (await this.#ask('dnsServer', { server }, signal))
    }
    if (claimed.has('dhcpOptions')) {
      operations.dhcpOptions = async ({ option43 = '', option125 = '', option17 = '', discover }, signal) => {
        const offer = { option43, option125, option17, discover: discover ? 'yes' : 'no' }
        const sent = await this.#ask('dhcpOptions', offer, signal)
        const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
        return {
          option60: text(sent.option60),
          option125: text(sent.option125),
          option16: text(sent.option16),
        }
      }
    }
    if (claimed.has('lanDevice')) {
      operations.lanDevice = async ({ oui, serialNumber, productClass, present }, signal) =>
        void (await this.#ask(
          'lanDevice',
          { oui, serialNumber, productClass, present: present ? 'yes' : 'no' },
          signal,
        ))
    }
    if (claimed.has('ownAct')) {
      operations.ownAct = async ({ act, fileType, url }, signal) => {
        const answer = await this.#ask('ownAct', { act, fileType, url }, signal)
        if (answer.done !== 'yes' && answer.done !== 'no')
          throw this.#breach('ownAct', '"done":"yes" or "done":"no"', answer)
        return answer.done === 'yes'
      }
    }
    if (claimed.has('standby')) {
      operations.standby = async (seconds, signal) =>
        void (await this.#ask('standby', { seconds: String(seconds) }, signal))
    }
    if (claimed.has('timeSource')) {
      operations.timeSource = async (present, signal) =>
        void (await this.#ask('timeSource', { present: present ? 'yes' : 'no' }, signal))
    }
    if (claimed.has('readLogs')) operations.readLogs = (signal) => this.#readLogs(signal)
    return operations
  }

  /** Every key is always there and in this order; the empty text says that nothing is asked for. */
  async #provisioning(wanted: Provisioning): Promise<Record<string, string>> {
    return {
      acsUrl: wanted.acsUrl,
      username: wanted.username ?? '',
      password: wanted.password ?? '',
      connectionRequestUsername: wanted.connectionRequestUsername ?? '',
      connectionRequestPassword: wanted.connectionRequestPassword ?? '',
      periodicInformInterval: wanted.periodicInformInterval?.toString() ?? '',
      trustedCaFile: await this.#file('trusted-ca.pem', wanted.trustedCa),
    }
  }

  /** Path of a file with this in it, or the empty text where there is nothing. */
  async #file(name: string, content: string | undefined): Promise<string> {
    if (content === undefined) return ''
    const path = join(this.#stateDir, name)
    await writeFile(path, content, { mode: 0o600 })
    return path
  }

  async #readLogs(signal: AbortSignal): Promise<string> {
    const answer = await this.#ask('readLogs', {}, signal)
    if (typeof answer.log === 'string') return answer.log
    if (typeof answer.file !== 'string')
      throw this.#breach('readLogs', 'a text "log" or the path of a "file"', answer)
    return await readFile(answer.file, 'utf8').catch((error: Error) => {
      throw new HarnessError(`adapter ${this.#name}: the log file it named cannot be read: ${error.message}`)
    })
  }

  async #ask(request: string, args: Record<string, string>, signal: AbortSignal): Promise<Answer> {
    const answer = await this.#channel.request(request, args, signal)
    switch (answer.answer) {
      case 'ok':
        return answer
      case 'failed': {
        const reason = typeof answer.reason === 'string' ? answer.reason : 'no reason given'
        throw new HarnessError(`adapter ${this.#name}: ${request} failed: ${reason}`)
      }
      case 'unsupported':
        throw new HarnessError(
          `adapter ${this.#name}: answered ${request} with unsupported, ${request === 'hello' || request === 'stop' ? 'which every adapter must know' : 'although it claims it'}`,
        )
      default:
        throw this.#breach(request, '"answer" to be "ok", "failed" or "unsupported"', answer)
    }
  }

  async #stop(signal: AbortSignal): Promise<void> {
    // An adapter that has died was reported when it did.
    if (this.#process.ending) return
    await this.#ask('stop', {}, signal)
    if (!(await this.#process.endsWithin(this.#timing.adapterSeconds * 500))) {
      throw this.#breached('did not end after it had answered stop')
    }
    if (!(await this.#process.clearsWithin(leftoverMs)))
      throw this.#breached('left processes running after stop')
  }

  #breach(request: string, expected: string, answer: Answer): HarnessError {
    return this.#breached(`in answer to ${request}: expected ${expected}, got ${JSON.stringify(answer)}`)
  }

  #breached(what: string): HarnessError {
    return new HarnessError(`adapter ${this.#name}: ${what}`)
  }
}
