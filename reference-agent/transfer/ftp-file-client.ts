/** Files over FTP. */
import type { Socket } from 'node:net'
import { Readable, Writable } from 'node:stream'
import { Client, FTPError } from 'basic-ftp'
import type { Timer } from '../platform/platform.ts'
import { FileTransferError } from './failure.ts'
import type { FileClient, FileClientOptions, FileSink, RemoteFile } from './file-client.ts'

const REFUSED_LOGIN = [430, 530, 532]
/** The server cannot give or take this file, now or ever. */
const REFUSED_FILE = [450, 500, 501, 502, 504, 550, 553]
const NO_SUCH_FILE = 550
const NO_ROOM_THERE = 552

export class FtpFileClient implements FileClient {
  protected readonly options: FileClientOptions

  constructor(options: FileClientOptions) {
    this.options = options
  }

  fetch(file: RemoteFile, sink: FileSink, signal: AbortSignal): Promise<void> {
    return this.#visit(file, signal, async (client, path, alive) => {
      sink.begin?.(0, undefined)
      const size = await client.size(path).catch(replyOf)
      if (typeof size === 'number') sink.expect(size)
      let isEmpty = true
      const destination = new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          alive()
          isEmpty = false
          try {
            sink.write(chunk)
            done()
          } catch (error) {
            done(error as Error)
          }
        },
      })
      try {
        await Promise.race([client.downloadTo(destination, path), failureOf(destination)])
      } catch (error) {
        // A server that refuses may drop the data connection first; its reply is lost then.
        const hasRefused = typeof size !== 'number' && size.code === NO_SUCH_FILE
        throw isEmpty && hasRefused && !(error instanceof FTPError) ? size : error
      }
    })
  }

  store(file: RemoteFile, content: Buffer, signal: AbortSignal): Promise<void> {
    return this.#visit(file, signal, async (client, path) => {
      await client.uploadFrom(Readable.from([content], { objectMode: false }), path)
    })
  }

  /** Logs in, works and leaves; silence and the signal end it all. */
  async #visit(
    { url, credentials }: RemoteFile,
    signal: AbortSignal,
    work: (client: Client, path: string, alive: () => void) => Promise<void>,
  ): Promise<void> {
    signal.throwIfAborted()
    const { clock, patience } = this.options
    // Waiting is this class's own affair, in device time.
    const client = new Client(0)
    const gone = new AbortController()
    let timer: Timer | undefined
    const giveUp = (error: Error) => {
      gone.abort(error)
      client.close()
    }
    const alive = () => {
      timer?.cancel()
      timer = clock.after(patience, () => giveUp(new Error(`silent for ${patience / 1000} s`)))
    }
    const abort = () => giveUp(signal.reason as Error)
    signal.addEventListener('abort', abort)
    let isThere = false
    try {
      alive()
      const socket = await this.#dial(url, gone.signal)
      gone.signal.throwIfAborted()
      await greeted(client, socket)
      isThere = true
      const isNamed = credentials.username !== ''
      await client.login(
        isNamed ? credentials.username : 'anonymous',
        isNamed ? credentials.password : 'guest',
      )
      await client.useDefaultSettings()
      alive()
      // The path of an FTP URL begins where the login leads (RFC 1738 3.2.2).
      await work(client, decodeURIComponent(url.pathname).replace(/^\//, ''), alive)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw this.#failure(url, (gone.signal.reason ?? error) as Error, isThere)
    } finally {
      timer?.cancel()
      signal.removeEventListener('abort', abort)
      client.close()
    }
  }

  /** Connects as the device does, with its names; rejects as soon as nobody waits any more. */
  #dial(url: URL, gone: AbortSignal): Promise<Socket> {
    const dialed = this.options.dialer.dial(url, gone)
    const tooLate = ({ reason }: AbortSignal) => {
      dialed.then(
        (socket) => socket.destroy(),
        () => {},
      )
      return reason as Error
    }
    return new Promise((resolve, reject) => {
      gone.addEventListener('abort', () => reject(tooLate(gone)))
      dialed.then(resolve, reject)
    })
  }

  #failure({ host }: URL, error: Error, isThere: boolean): Error {
    const { message } = error
    const text = message.startsWith(host) ? message : `${host}: ${message}`
    const tell = (kind: FileTransferError['kind']) => new FileTransferError(kind, text, { cause: error })
    if (!isThere) return tell('unreachable')
    if (error instanceof FTPError) {
      if (REFUSED_LOGIN.includes(error.code)) return tell('authentication')
      if (REFUSED_FILE.includes(error.code)) return tell('no-access')
      return tell(error.code === NO_ROOM_THERE ? 'failed' : 'interrupted')
    }
    const isOfTheDisk = (error as NodeJS.ErrnoException).syscall === 'write' && !isOfTheWire(error)
    return error instanceof FileTransferError || isOfTheDisk ? error : tell('interrupted')
  }
}

/** Has the client speak on a connection that is there already, and hears what the server says first. Rejects with FTPError where that is no welcome. */
function greeted(client: Client, socket: Socket): Promise<void> {
  client.ftp.socket = socket
  return client.ftp.handle(undefined, (response, task) => {
    if (response instanceof Error) task.reject(response)
    else if (response.code >= 200 && response.code < 300) task.resolve(undefined)
    else task.reject(new FTPError(response))
  }) as Promise<void>
}

/** What the server says instead of a size, which need not mean anything. */
function replyOf(error: Error): FTPError {
  if (error instanceof FTPError) return error
  throw error
}

function failureOf(stream: Writable): Promise<never> {
  return new Promise((_resolve, reject) => stream.once('error', reject))
}

function isOfTheWire(error: Error): boolean {
  return /^(ECONN|EPIPE|ETIMEDOUT)/.test((error as NodeJS.ErrnoException).code ?? '')
}
