/** The device's local side: a socket in its state directory that takes commands as lines of JSON. Public face of control/. */
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Log } from '../platform/platform.ts'
import type { AcsAccount } from '../provisioning.ts'
import { type Command, CommandError, type CommandMembers, parseCommand } from './command.ts'

export type { CommandMembers } from './command.ts'

/** What the commands act on. Failures are thrown with a message for whoever gave the command. */
export interface Controlled {
  status(): Promise<object>
  setLocally(path: string, value: string): Promise<void>
  provision(account: AcsAccount): Promise<void>
  setClock(time: number): Promise<void>
  factoryReset(): Promise<void>
  reboot(): Promise<void>
  /** Carries out a command of a feature and gives what to answer; undefined when no feature has such a command. */
  featureCommand(name: string, members: CommandMembers): Promise<object | undefined>
}

/** Octets that the kernel keeps for the path of a Unix socket. */
const LONGEST_PATH = 107

/** Octets of a command at most. */
const LONGEST_COMMAND = 1024 * 1024

export class ControlServer {
  readonly #path: string
  readonly #controlled: Controlled
  readonly #log: Log
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  constructor(directory: string, controlled: Controlled, log: Log) {
    this.#path = join(directory, 'control.sock')
    this.#controlled = controlled
    this.#log = log
    this.#server = createServer((socket) => this.#serve(socket))
  }

  /** Opens the socket, replacing one that a killed agent left behind: the state directory is ours alone. */
  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (Buffer.byteLength(this.#path) > LONGEST_PATH) {
        reject(new Error(`${this.#path} is too long for a socket; choose a shorter state directory`))
        return
      }
      rmSync(this.#path, { force: true })
      this.#server.once('error', reject)
      this.#server.listen(this.#path, () => {
        chmodSync(this.#path, 0o600)
        resolve()
      })
    })
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      // What was answered goes out yet.
      for (const socket of this.#sockets) socket.destroySoon()
    })
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    // One command after the other: the answers come in the order of the commands.
    let turn = Promise.resolve()
    let octets = 0
    socket.on('data', (chunk: Buffer) => {
      octets = chunk.includes(0x0a) ? chunk.length - chunk.lastIndexOf(0x0a) : octets + chunk.length
      if (octets <= LONGEST_COMMAND || socket.writableEnded) return
      socket.end(
        `${JSON.stringify({ ok: false, error: `the line is longer than ${LONGEST_COMMAND} octets` })}\n`,
      )
      socket.destroySoon()
    })
    const lines = createInterface({ input: socket })
    // It tells once more of a client that hangs up before its answer.
    lines.on('error', () => {})
    lines.on('line', (line) => {
      if (line.trim() === '') return
      turn = turn.then(async () => {
        const answer = await this.#answer(line)
        if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`)
      })
    })
  }

  async #answer(line: string): Promise<object> {
    try {
      const command = parseCommand(line)
      this.#log.info(`command ${'name' in command ? command.name : command.command}`)
      const answer = await this.#perform(command)
      return command.command === 'object' ? answer : { ok: true, ...answer }
    } catch (error) {
      return { ok: false, error: (error as Error).message, unsupported: (error as CommandError).unsupported }
    }
  }

  async #perform(command: Command): Promise<object> {
    switch (command.command) {
      case 'status':
        return this.#controlled.status()
      case 'set':
        await this.#controlled.setLocally(command.path, command.value)
        return {}
      case 'provision':
        await this.#controlled.provision(command.account)
        return {}
      case 'set-clock':
        await this.#controlled.setClock(command.time)
        return {}
      case 'factory-reset':
        await this.#controlled.factoryReset()
        return {}
      case 'reboot':
        await this.#controlled.reboot()
        return {}
      case 'object':
      case 'feature': {
        const answer = await this.#controlled.featureCommand(command.name, command.members)
        if (!answer) throw new CommandError(`unknown command ${command.name}`, true)
        return answer
      }
    }
  }
}
