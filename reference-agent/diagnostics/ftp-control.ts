import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { connectionError, type TestTransfer, ThroughputError, Watch } from './throughput.ts'

export interface FtpReply {
  code: number
  text: string
}

const FTP_PORT = 21

/** The control connection of FTP (RFC 959). */
export class FtpControl {
  readonly #socket: Socket
  readonly #watch: Watch
  /** Replies nobody has asked for, and those who ask. */
  readonly #replies: FtpReply[] = []
  #waiting: PromiseWithResolvers<FtpReply> | undefined
  #broken: Error | undefined

  private constructor(socket: Socket, transfer: TestTransfer) {
    this.#socket = socket
    this.#watch = new Watch(transfer, () => this.#fail(new ThroughputError('Error_NoResponse')))
    socket.on('error', (error) => this.#fail(new ThroughputError('Error_NoResponse', error.message)))
    socket.on('close', () => this.#fail(new ThroughputError('Error_NoResponse', 'the server hangs up')))
    const lines = createInterface({ input: socket })
    // It tells once more of what the socket has to complain of.
    lines.on('error', () => {})
    lines.on('line', (line) => this.#line(line))
  }

  /** Rejects with ThroughputError. */
  static async open(transfer: TestTransfer): Promise<FtpControl> {
    const { url, host } = transfer
    const socket = connect({ host: host.address, port: Number(url.port) || FTP_PORT })
    const watch = new Watch(transfer, () => socket.destroy(new Error('no answer')))
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject)
        socket.once('connect', resolve)
      })
    } catch (error) {
      throw connectionError(error as Error)
    } finally {
      watch.end()
    }
    return new FtpControl(socket, transfer)
  }

  /** Sends a command, or nothing, and waits for a reply that is not preliminary to another. Rejects with ThroughputError. */
  async command(line: string | undefined): Promise<FtpReply> {
    if (line !== undefined) this.#socket.write(`${line.replace(/[\r\n]/g, '')}\r\n`)
    const reply = this.#replies.shift()
    if (reply) return reply
    if (this.#broken) throw this.#broken
    this.#waiting = Promise.withResolvers<FtpReply>()
    return this.#waiting.promise
  }

  /** The same, for one of these replies; another one ends the test in that state. */
  async expect(line: string | undefined, codes: readonly number[], state: string): Promise<FtpReply> {
    const reply = await this.command(line)
    if (!codes.includes(reply.code)) throw new ThroughputError(state, reply.text)
    return reply
  }

  close(): void {
    this.#watch.end()
    this.#socket.destroy()
  }

  /** The last line of a reply has a space after its code. */
  #line(line: string): void {
    this.#watch.alive()
    const [, code] = /^(\d{3}) /.exec(`${line} `) ?? []
    if (code === undefined) return
    const reply = { code: Number(code), text: line }
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) waiting.resolve(reply)
    else this.#replies.push(reply)
  }

  #fail(error: Error): void {
    this.#broken ??= error
    this.#waiting?.reject(this.#broken)
    this.#waiting = undefined
    this.#socket.destroy()
  }
}
