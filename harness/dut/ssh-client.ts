import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type ConnectConfig } from 'ssh2'
import { HarnessError } from '../failure.ts'
import type { ScriptEnding } from './device-commands.ts'

/** Where a device is logged in to, and what its server has to prove. */
export interface SshTarget {
  readonly host: string
  readonly port: number
  readonly username: string
  readonly password?: string | undefined
  /** The key itself. */
  readonly privateKey?: Buffer | undefined
  readonly passphrase?: string | undefined
  /** Socket of an SSH agent. */
  readonly agent?: string | undefined
  /** Fingerprints of which the server has to show one; `any` takes all. */
  readonly hostKeys: readonly string[] | 'any'
  /** How long one attempt may take, TCP, keys and login together: old boxes reckon for a second or two. */
  readonly connectMs: number
}

/** The device takes no connection now; it may later. */
export class Unreachable extends HarnessError {
  override readonly name = 'Unreachable'
}

const RETRY_MS = 200
/** A device without power says nothing: so often it is asked for a sign of life, and so often it may miss that. */
const KEEPALIVE = { keepaliveInterval: 1000, keepaliveCountMax: 3 }
/** A program that stays on the device may hold its output open for ever. */
const DRAIN_MS = 300

/** A device's shell over SSH. The connection is kept, and made anew when the device has dropped it. */
export class SshClient {
  readonly #target: SshTarget
  readonly #log: (line: string) => void
  #connected: Promise<Client> | undefined
  #client: Client | undefined

  constructor(target: SshTarget, log: (line: string) => void) {
    this.#target = target
    this.#log = log
  }

  /**
   * Has a shell of the device read a script.
   * @param options.waits whether a device that takes no connection is tried again until the signal fires
   * @throws {Unreachable} when it takes none and `waits` is not set
   * @throws {HarnessError} when the host key or the login is refused
   */
  async run(
    script: string,
    signal: AbortSignal,
    { waits }: { readonly waits: boolean },
  ): Promise<ScriptEnding> {
    for (let isTold = false; ; ) {
      signal.throwIfAborted()
      const isKept = this.#connected !== undefined
      try {
        const client = await this.#connect()
        signal.throwIfAborted()
        return await this.#execute(client, script, signal)
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error
        this.#connected = undefined
        // A connection that was kept may have gone without a word.
        if (isKept) continue
        if (!waits) throw error
        if (!isTold) this.#log(`${error.message}; trying again`)
        isTold = true
        // A device that starts tells nobody when it takes connections: only trying shows it.
        await sleep(RETRY_MS, undefined, { signal })
      }
    }
  }

  /** Resolves when the connection has broken, at once where there is none. */
  async disconnected(signal: AbortSignal): Promise<void> {
    const client = await this.#connected?.catch(() => undefined)
    if (client && this.#connected) await once(client, 'close', { signal })
  }

  /** Hangs up, also on a device that has not answered yet. */
  close(): void {
    this.#client?.end()
    // A server that does not answer the farewell must not keep us.
    this.#client?.destroy()
  }

  #connect(): Promise<Client> {
    this.#connected ??= this.#open().catch((error: unknown) => {
      this.#connected = undefined
      throw error
    })
    return this.#connected
  }

  #open(): Promise<Client> {
    const { host, port, username, hostKeys, connectMs, ...proofs } = this.#target
    const where = `ssh ${username}@${host}:${port}`
    const { promise, resolve, reject } = Promise.withResolvers<Client>()
    const client = new Client()
    this.#client = client
    let refused: HarnessError | undefined
    client.on('ready', () => resolve(client))
    client.on('error', (error: Error & { level?: string }) => {
      if (error.level === 'client-authentication')
        reject(
          new HarnessError(
            `${where}: the device refuses the login (adapter.password, adapter.privateKeyFile)`,
          ),
        )
      else reject(refused ?? new Unreachable(`${where}: ${error.message}`))
    })
    client.on('close', () => {
      if (this.#client === client) this.#connected = undefined
      reject(new Unreachable(`${where}: the device hung up`))
    })
    client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) =>
      answer(prompts.map(() => proofs.password ?? '')),
    )
    const options: ConnectConfig = {
      ...{ host, port, username },
      ...proofs,
      ...KEEPALIVE,
      tryKeyboard: proofs.password !== undefined,
      readyTimeout: connectMs,
      hostVerifier: (key: Buffer) => {
        const shown = fingerprintOf(key)
        if (hostKeys === 'any') this.#log(`${where}: host key ${shown}, taken unseen`)
        else if (!hostKeys.includes(shown)) {
          refused = new HarnessError(
            `${where}: the host key is ${shown} (${typeOf(key)}), the profile expects ${hostKeys.join(' or ')} (adapter.hostKey)`,
          )
        }
        return refused === undefined
      },
    }
    try {
      client.connect(options)
    } catch (error) {
      reject(new HarnessError(`${where}: ${(error as Error).message}`))
    }
    return promise
  }

  #execute(client: Client, script: string, signal: AbortSignal): Promise<ScriptEnding> {
    const { promise, resolve, reject } = Promise.withResolvers<ScriptEnding>()
    const abandon = () => {
      reject(signal.reason)
      // Whatever the command is at, the next one must not wait behind it.
      this.#connected = undefined
      client.destroy()
    }
    const broken = () => reject(new Unreachable('ssh: the connection broke before the command was taken'))
    signal.addEventListener('abort', abandon, { once: true })
    client.once('close', broken)
    client.exec('sh -s', (error, channel) => {
      if (error) return reject(new Unreachable(`ssh: the device starts no shell: ${error.message}`))
      client.off('close', broken)
      const out: Buffer[] = []
      const err: Buffer[] = []
      let code: number | undefined
      const finish = () =>
        resolve({
          code,
          stdout: Buffer.concat(out).toString('utf8'),
          stderr: Buffer.concat(err).toString('utf8'),
        })
      channel.on('data', (chunk: Buffer) => out.push(chunk))
      channel.stderr.on('data', (chunk: Buffer) => err.push(chunk))
      channel.on('exit', (exit: number | null) => {
        // A shell that was ended by a signal has failed as well.
        code = exit ?? 255
        setTimeout(() => {
          finish()
          channel.close()
        }, DRAIN_MS).unref()
      })
      channel.on('close', finish)
      channel.on('error', finish)
      channel.end(script)
    })
    return promise.finally(() => {
      signal.removeEventListener('abort', abandon)
      client.off('close', broken)
    })
  }
}

/** As `ssh-keygen -l` prints it. */
function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** The key's blob begins with its type (RFC 4253 6.6). */
function typeOf(key: Buffer): string {
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0))
}
