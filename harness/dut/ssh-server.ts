import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** Debian puts it where only the administrator's PATH looks. */
const program = [
  '/usr/sbin/sshd',
  '/usr/local/sbin/sshd',
  '/usr/local/bin/sshd',
  '/opt/homebrew/sbin/sshd',
].find((path) => spawnSync(path, ['-V']).error === undefined)

/** Why tests with a real SSH server are left out; undefined where there is one. */
export const noSshServer: string | undefined =
  program === undefined ? 'no sshd on this machine: install openssh-server' : undefined

/** A real OpenSSH server on loopback that lets in who runs this, by a key that was made for it. */
export class SshServer {
  readonly port: number
  /** The fingerprint of its host key. */
  readonly fingerprint: string
  /** Of the user. */
  readonly keyFile: string
  readonly #config: string
  #process: ChildProcess | undefined

  private constructor(port: number, fingerprint: string, keyFile: string, config: string) {
    this.port = port
    this.fingerprint = fingerprint
    this.keyFile = keyFile
    this.#config = config
  }

  /** Starts one with keys and configuration in `folder`. */
  static async start(folder: string): Promise<SshServer> {
    for (const name of ['host', 'user'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)])
    writeFileSync(join(folder, 'authorized'), readFileSync(join(folder, 'user.pub')))
    // An sshd of root insists on the folder in which it locks itself up.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
    const port = await freePort()
    const lines = [
      'ListenAddress 127.0.0.1',
      `Port ${port}`,
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized')}`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin prohibit-password',
      // The folder lies where others may write.
      'StrictModes no',
      'PidFile none',
    ]
    const config = join(folder, 'sshd_config')
    writeFileSync(config, `${lines.join('\n')}\n`)
    const listed = execFileSync('ssh-keygen', ['-l', '-f', join(folder, 'host.pub')], { encoding: 'utf8' })
    const server = new SshServer(port, listed.split(' ')[1] ?? '', join(folder, 'user'), config)
    await server.restart()
    return server
  }

  /** Listens, again after `stop`. */
  async restart(): Promise<void> {
    const child = spawn(program ?? '', ['-D', '-e', '-f', this.#config], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#process = child
    let said = ''
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', () => reject(new Error(`sshd ended: ${said}`)))
      child.stderr.on('data', (chunk) => {
        said += chunk
        if (said.includes(`listening on 127.0.0.1 port ${this.port}`)) resolve()
      })
    })
  }

  /** Listens no more; sessions that are open go on. */
  async stop(): Promise<void> {
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill()
    await ended
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
