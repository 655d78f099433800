import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { HarnessError } from '../failure.ts'
import { sendControl } from './control-socket.ts'
import { LineBuffer } from './line-buffer.ts'
import type {
  Adapter,
  ClientCertificate,
  DhcpOffer,
  DhcpRequest,
  LanDevice,
  LocalInputs,
  OwnAct,
  Provisioning,
} from './operations.ts'
import { ProcessGroup } from './process-group.ts'
import { REFERENCE_MAXIMUM_FILE_SIZE } from './reference-files.ts'
import { FIRMWARE_KEY } from './reference-maker.ts'
import { VOUCHER_ROOT } from './reference-voucher.ts'

/** A network in which a device is started. */
export interface DeviceNetwork {
  /** Precedes the device's command. */
  readonly enter: readonly string[]
  /** The device's address there. */
  readonly device: string
}

interface ReferenceOptions {
  readonly stateDir: string
  readonly clockRate: number
  readonly log: (line: string) => void
  /** Node's arguments that start the agent, options not included. */
  readonly program: readonly string[]
  readonly network?: DeviceNetwork | undefined
}

const pollMs = 10

/** Names, to whoever starts mutants, a program that does it faster than their source. Workers and their children inherit it. */
export const BROKEN_AGENTS = 'CWMP_BROKEN_AGENTS'

/** What starts the reference agent, or the mutant of it. */
export function referenceProgram(mutant?: string): string[] {
  const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
  return mutant === undefined
    ? [path('reference-agent/cli.ts')]
    : [process.env[BROKEN_AGENTS] ?? path('harness/mutants/agent/main.ts'), '--mutant', mutant]
}

/** The reference agent as a child process with a state directory; it is switched on by the first `provision`. */
export class ReferenceAdapter implements Adapter {
  /** How long a running agent may take to answer `status`; a process that hangs is not alive. */
  statusMs = 2000
  readonly localInputs: LocalInputs
  readonly #options: ReferenceOptions
  readonly #agentDir: string
  /** Directory of configuration files, where there are any. */
  #configDir: string | undefined
  readonly #logged = new LineBuffer()
  #provisioned: Provisioning | undefined
  #clientCertificate: ClientCertificate | undefined
  #dnsServer: string | undefined
  #hasTimeSource = true
  /** What DHCP offers to an agent that has no URL. */
  #discovers: Record<string, string> | undefined
  /** What the agent that runs was started with and cannot be told while it does. */
  #startedWith = ''
  #agent: ProcessGroup | undefined

  constructor(options: ReferenceOptions) {
    this.#options = options
    this.#agentDir = join(options.stateDir, 'agent')
    this.localInputs = {
      controlSocket: this.#socket,
      restartWith: (files, signal) => this.#restartWith(files, signal),
    }
  }

  async provision(provisioning: Provisioning, signal: AbortSignal): Promise<void> {
    this.#provisioned = provisioning
    this.#discovers = undefined
    // An agent that hangs cannot be told anything: it is switched off and on.
    if (this.#startedWith !== this.#onlyAtStart || !(await this.alive(signal))) {
      await this.#agent?.stop()
      await this.#start(signal)
      return
    }
    const { trustedCa: _atStart, ...account } = provisioning
    const { acsUrl } = await this.#command({ command: 'status' }, signal)
    await this.#command({ command: 'provision', ...account }, signal)
    // Another URL makes the agent open a session by itself; without that the boot does.
    if (acsUrl === provisioning.acsUrl) await this.#command({ command: 'reboot' }, signal)
  }

  async alive(signal: AbortSignal): Promise<boolean> {
    if (!this.#agent || this.#agent.ending) return false
    const patience = AbortSignal.any([signal, AbortSignal.timeout(this.statusMs)])
    return await this.#command({ command: 'status' }, patience).then(
      () => true,
      () => false,
    )
  }

  async powerCycle(signal: AbortSignal): Promise<void> {
    await this.#agent?.kill()
    await this.#start(signal)
  }

  async factoryReset(signal: AbortSignal): Promise<void> {
    await this.#command({ command: 'factory-reset' }, signal)
  }

  async setLocally(path: string, value: string, signal: AbortSignal): Promise<void> {
    await this.#command({ command: 'set', path, value }, signal)
  }

  async setClock(time: string, signal: AbortSignal): Promise<void> {
    await this.#command({ command: 'set-clock', time }, signal)
  }

  async clientCertificate(certificate: ClientCertificate | undefined): Promise<void> {
    this.#clientCertificate = certificate
  }

  async dnsServer(server: string | undefined): Promise<void> {
    this.#dnsServer = server
  }

  async timeSource(present: boolean): Promise<void> {
    this.#hasTimeSource = present
  }

  async dhcpOptions(offer: DhcpOffer, signal: AbortSignal): Promise<DhcpRequest> {
    const { option43, option125, option17 } = offer
    const options = {
      ...(option43 && { 43: option43 }),
      ...(option125 && { 125: option125 }),
      ...(option17 && { 17: option17 }),
    }
    if (offer.discover) {
      await this.#agent?.stop()
      await rm(this.#agentDir, { recursive: true, force: true })
      this.#discovers = options
      await this.#start(signal)
    } else await this.#command({ command: 'dhcp', options }, signal)
    const { options: sent } = await this.#command({ command: 'dhcp-request' }, signal)
    const octets = sent as Record<string, string | undefined>
    return { option60: octets[60], option125: octets[125], option16: octets[16] }
  }

  async lanDevice({ present, ...identity }: LanDevice, signal: AbortSignal): Promise<void> {
    await this.#command({ command: present ? 'lan-device' : 'lan-device-gone', ...identity }, signal)
  }

  async ownAct({ act, fileType, url }: OwnAct, signal: AbortSignal): Promise<boolean> {
    const commands = {
      download: { command: 'autonomous-transfer', isDownload: true, fileType, url },
      upload: { command: 'autonomous-transfer', isDownload: false, fileType, url },
      install: { command: 'du', operation: 'install', url },
      requestDownload: { command: 'request-download', fileType },
      kick: { command: 'kicked', action: 'conformance', next: url },
      agree: { command: 'confirm-transfer' },
    }
    const begun = this.#command(commands[act], signal)
    // The user waits until the ACS has said where to go.
    if (act === 'kick') begun.catch(() => {})
    else await begun
    return true
  }

  async standby(seconds: number, signal: AbortSignal): Promise<void> {
    await this.#command({ command: 'standby', seconds: String(seconds) }, signal)
  }

  async readLogs(): Promise<string> {
    return this.#logged.toString()
  }

  async stop(): Promise<void> {
    await this.#agent?.stop()
  }

  /** Starts the agent on its state directory and waits until its control socket answers. */
  async #start(signal: AbortSignal): Promise<void> {
    const wanted = this.#provisioned
    if (!wanted)
      throw new HarnessError(
        'the reference agent is switched on by provision, and that has not been asked for',
      )
    await mkdir(this.#agentDir, { recursive: true })
    // A killed agent leaves its socket behind; without it nobody takes the old one for the new.
    await rm(this.#socket, { force: true })
    const { network, program } = this.#options
    const command = [
      ...(network?.enter ?? []),
      process.execPath,
      ...program,
      ...(await this.#arguments(wanted)),
    ]
    this.#startedWith = this.#onlyAtStart
    const agent = await ProcessGroup.start(command, {
      env: {
        ...process.env,
        // Passwords are not among the arguments, where every user of the machine could read them.
        CWMP_ACS_PASSWORD: wanted.password,
        CWMP_CONNECTION_REQUEST_PASSWORD: wanted.connectionRequestPassword,
      },
      log: (line) => this.#keep(line),
    })
    this.#agent = agent
    const ending = agent.drained.then((ended) => {
      throw new HarnessError(
        `the reference agent ended at its start (${ended.signal ?? `exit code ${ended.code}`}); last line: ${agent.lastLine}`,
      )
    })
    const started = new AbortController()
    try {
      await Promise.race([this.#answers(AbortSignal.any([signal, started.signal])), ending])
    } finally {
      started.abort()
      ending.catch(() => {})
    }
  }

  async #answers(signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.#command({ command: 'status' }, signal)
        return
      } catch {
        await sleep(pollMs, undefined, { signal })
      }
    }
  }

  get #onlyAtStart(): string {
    return JSON.stringify([
      this.#provisioned?.trustedCa,
      this.#clientCertificate,
      this.#dnsServer,
      this.#hasTimeSource,
    ])
  }

  async #arguments(wanted: Provisioning): Promise<string[]> {
    const options: Record<string, string | undefined> = {
      'acs-url': this.#discovers ? undefined : wanted.acsUrl,
      'dhcp-options': await this.#file(
        'dhcp-options.json',
        this.#discovers && JSON.stringify(this.#discovers),
      ),
      'state-dir': this.#agentDir,
      'config-dir': this.#configDir,
      'acs-username': wanted.username,
      'connection-request-username': wanted.connectionRequestUsername,
      'connection-request-host': this.#options.network?.device,
      'periodic-inform-interval': wanted.periodicInformInterval?.toString(),
      'clock-rate': this.#options.clockRate.toString(),
      'trusted-ca': await this.#file('trusted-ca.pem', wanted.trustedCa),
      'maximum-file-size': REFERENCE_MAXIMUM_FILE_SIZE.toString(),
      'firmware-key': await this.#file('firmware-key.pem', FIRMWARE_KEY),
      'voucher-ca': await this.#file('voucher-ca.pem', VOUCHER_ROOT),
      'client-certificate': await this.#file('client-certificate.pem', this.#clientCertificate?.cert),
      'client-key': await this.#file('client-key.pem', this.#clientCertificate?.key),
      'dns-server': this.#dnsServer,
      'initial-time': this.#hasTimeSource ? undefined : 'unknown',
    }
    return Object.entries(options).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, value],
    )
  }

  async #restartWith(files: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    await this.#agent?.stop()
    const directory = join(this.#options.stateDir, 'config')
    await rm(directory, { recursive: true, force: true })
    this.#configDir = Object.keys(files).length > 0 ? directory : undefined
    if (this.#configDir) await mkdir(directory)
    for (const [name, content] of Object.entries(files))
      await writeFile(join(directory, name), content.replaceAll('{dir}', directory), 'latin1')
    await this.#start(signal)
  }

  /** Path of a file with this in it, where there is anything. */
  async #file(name: string, content: string | undefined): Promise<string | undefined> {
    if (content === undefined) return undefined
    const path = join(this.#options.stateDir, name)
    await writeFile(path, content, { mode: 0o600 })
    return path
  }

  async #command(command: Record<string, unknown>, signal: AbortSignal): Promise<Record<string, unknown>> {
    if (!this.#agent || this.#agent.ending) throw new HarnessError('the reference agent is not running')
    const answer = await sendControl(this.#socket, command, signal)
    if (answer.ok !== true) throw new Error(String(answer.error ?? 'refused without a reason'))
    return answer
  }

  get #socket(): string {
    return join(this.#agentDir, 'control.sock')
  }

  #keep(line: string): void {
    this.#options.log(line)
    this.#logged.push(line)
  }
}
