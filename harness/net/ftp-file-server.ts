import { createHash } from 'node:crypto'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { WaitOptions } from '../acs/acs.ts'
import { HarnessError } from '../failure.ts'
import type { BodyScript } from './body.ts'
import { FtpSession } from './ftp-session.ts'
import { TransferLog } from './transfer-log.ts'

/** What an FTP server has at one path, and how it gives it out or takes in what is stored there. */
export interface FtpFile extends BodyScript {
  readonly body?: string | Uint8Array
  /** A reply in place of the transfer, such as `550 no such file`. */
  readonly refuse?: string
}

/** A file that a device fetched (RETR) or stored (STOR), or was refused. */
export interface FtpTransfer {
  readonly command: 'RETR' | 'STOR'
  readonly path: string
  /** Who was logged in. */
  readonly username: string
  /** What was stored. */
  body: Buffer
  /** SHA-256 of what was stored, in hexadecimal. */
  sha256: string
  /** Milliseconds on the clock of performance.now(). */
  readonly atMs: number
  /** Settles when the transfer has ended: true if all of the file went over. */
  readonly ended: Promise<boolean>
}

interface FtpFileServerOptions {
  /** Address to listen on; 127.0.0.1 unless given. */
  readonly host?: string
  /** 0, any free one, unless given. */
  readonly port?: number
  /** Host in URLs, where the device sees another one; an IPv4 address where it uses PASV. */
  readonly publicHost?: string
  /** Who may log in; `anonymous` with any password unless given. */
  readonly account?: { readonly username: string; readonly password: string }
  /** Gets a line for each command and reply, passwords left out. */
  readonly note?: (line: string) => void
}

/** A passive-mode FTP server (RFC 959, 2428, 3659) for what devices do with one. */
export class FtpFileServer {
  readonly log = new TransferLog<FtpTransfer>(({ command, path }) => `${command} ${path}`)
  /** Passwords of failed logins are not kept. */
  failedLogins = 0
  readonly options: FtpFileServerOptions
  readonly #server: Server
  readonly #files = new Map<string, FtpFile>()
  readonly #sockets = new Set<Socket>()

  private constructor(options: FtpFileServerOptions) {
    this.options = options
    this.#server = createServer((socket) => {
      this.adopt(socket)
      new FtpSession(this, socket).greet()
    })
  }

  /** @throws HarnessError naming a port that is in use */
  static async listen(options: FtpFileServerOptions = {}): Promise<FtpFileServer> {
    const files = new FtpFileServer(options)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    files.#server.once('error', (error: Error) =>
      reject(new HarnessError(`FTP server: port ${options.port ?? 0}: ${error.message}`, { cause: error })),
    )
    files.#server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve)
    await promise
    return files
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Where a device finds the path; it begins with a slash. */
  url(path: string): string {
    const name = this.options.publicHost ?? this.options.host ?? '127.0.0.1'
    return `ftp://${name.includes(':') ? `[${name}]` : name}:${this.port}${path}`
  }

  /** Puts a file at a path (for STOR: says how it is taken in), and returns its URL. */
  serve(path: string, file: FtpFile): string {
    this.#files.set(path, file)
    return this.url(path)
  }

  file(path: string): FtpFile | undefined {
    return this.#files.get(path)
  }

  /** The next RETR or STOR. @throws DeviceSilent when none comes in time */
  next(
    expected: string,
    options: WaitOptions & { timeoutMs: number; where?: (transfer: FtpTransfer) => boolean },
  ): Promise<FtpTransfer> {
    return this.log.next(expected, options)
  }

  /** Closes the socket with the server. */
  adopt(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    // A device may go without a word; that is its business.
    socket.on('error', () => {})
  }

  /** Notes a transfer that begins; the returned function ends it, with what was stored. */
  begin(
    command: 'RETR' | 'STOR',
    path: string,
    username: string,
  ): (complete: boolean, body?: Buffer) => void {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const transfer: FtpTransfer = {
      command,
      path,
      username,
      body: Buffer.alloc(0),
      sha256: '',
      atMs: performance.now(),
      ended: promise,
    }
    this.log.add(transfer)
    return (complete, body) => {
      if (body) {
        transfer.body = body
        transfer.sha256 = createHash('sha256').update(body).digest('hex')
      }
      resolve(complete)
    }
  }

  /** Ends all connections, also those that stall. */
  async close(): Promise<void> {
    this.log.close(new HarnessError('the FTP server was closed'))
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#server.close(() => resolve())
    for (const socket of this.#sockets) socket.destroy()
    await promise
  }
}
