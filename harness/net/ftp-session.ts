import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { posix } from 'node:path'
import { sendBody } from './body.ts'
import type { FtpFileServer } from './ftp-file-server.ts'

/** How long a device may take to open the data connection that it asked for. */
const dataConnectionMs = 10_000

/** A command line is no longer than this. */
const maxLine = 4096

/** One control connection of an FTP client, and its data connections. */
export class FtpSession {
  readonly #owner: FtpFileServer
  readonly #control: Socket
  #line = ''
  #username = ''
  #loggedIn = false
  #folder = '/'
  #restartAt = 0
  #data: { server: Server; connection: Promise<Socket> } | undefined
  /** Commands are dealt with one after the other. */
  #work: Promise<void> = Promise.resolve()

  constructor(owner: FtpFileServer, control: Socket) {
    this.#owner = owner
    this.#control = control
    control.setEncoding('utf8')
    control.on('data', (text: string) => this.#read(text))
    control.on('close', () => this.#forgetData())
  }

  greet(): void {
    this.#reply('220 ready')
  }

  #read(text: string): void {
    this.#line += text
    if (this.#line.length > maxLine) this.#control.destroy()
    for (let end = this.#line.indexOf('\n'); end >= 0; end = this.#line.indexOf('\n')) {
      const line = this.#line.slice(0, end).replace(/\r$/, '')
      this.#line = this.#line.slice(end + 1)
      this.#work = this.#work
        .then(() => this.#command(line))
        .catch(() => {
          this.#control.destroy()
        })
    }
  }

  #reply(text: string): void {
    if (this.#control.destroyed) return
    this.#owner.options.note?.(`FTP server: ${text}`)
    this.#control.write(`${text}\r\n`)
  }

  async #command(line: string): Promise<void> {
    const [, name = '', argument = ''] = /^(\S*) ?(.*)$/.exec(line) ?? []
    const command = name.toUpperCase()
    this.#owner.options.note?.(`FTP client: ${command === 'PASS' ? 'PASS …' : line}`)
    switch (command) {
      case 'USER':
        this.#username = argument
        this.#loggedIn = false
        return this.#reply('331 password, please')
      case 'PASS':
        return this.#logIn(argument)
      case 'QUIT':
        this.#reply('221 bye')
        this.#control.end()
        return
      case 'SYST':
        return this.#reply('215 UNIX Type: L8')
      case 'FEAT':
        return this.#reply('211-Features\r\n EPSV\r\n SIZE\r\n REST STREAM\r\n UTF8\r\n211 End')
      case 'NOOP':
      case 'OPTS':
        return this.#reply('200 fine')
    }
    if (!this.#loggedIn) return this.#reply('530 log in first')
    switch (command) {
      case 'TYPE':
      case 'MODE':
      case 'STRU':
        return this.#reply('200 fine')
      case 'PWD':
        return this.#reply(`257 "${this.#folder}"`)
      case 'CWD':
        this.#folder = this.#resolve(argument)
        return this.#reply('250 fine')
      case 'CDUP':
        this.#folder = this.#resolve('..')
        return this.#reply('250 fine')
      case 'SIZE':
        return this.#size(argument)
      case 'REST':
        this.#restartAt = Number(argument) || 0
        return this.#reply(`350 from ${this.#restartAt}`)
      case 'PASV':
      case 'EPSV':
        return this.#listen(command)
      case 'RETR':
        return this.#retrieve(this.#resolve(argument))
      case 'STOR':
        return this.#store(this.#resolve(argument))
      default:
        return this.#reply('502 not here')
    }
  }

  #logIn(password: string): void {
    const { account } = this.#owner.options
    const isRight = account
      ? this.#username === account.username && password === account.password
      : this.#username.toLowerCase() === 'anonymous'
    this.#loggedIn = isRight
    if (!isRight) this.#owner.failedLogins += 1
    this.#reply(isRight ? '230 welcome' : '530 login incorrect')
  }

  #size(argument: string): void {
    const file = this.#owner.file(this.#resolve(argument))
    const isThere = file !== undefined && file.refuse === undefined
    this.#reply(isThere ? `213 ${Buffer.byteLength(file.body ?? '')}` : '550 no such file')
  }

  async #listen(command: 'PASV' | 'EPSV'): Promise<void> {
    this.#forgetData()
    const { promise, resolve, reject } = Promise.withResolvers<Socket>()
    promise.catch(() => {})
    const server = createServer((socket) => {
      this.#owner.adopt(socket)
      server.close()
      resolve(socket)
    })
    const timer = setTimeout(() => server.close(), dataConnectionMs)
    server.on('close', () => {
      clearTimeout(timer)
      reject(new Error('no data connection'))
    })
    this.#data = { server, connection: promise }
    const { host = '127.0.0.1', publicHost } = this.#owner.options
    const listening = Promise.withResolvers<void>()
    server.once('error', listening.reject)
    server.listen(0, host, listening.resolve)
    await listening.promise
    const { port } = server.address() as AddressInfo
    if (command === 'EPSV') return this.#reply(`229 Entering Extended Passive Mode (|||${port}|)`)
    const numbers = [...(publicHost ?? host).split('.'), port >> 8, port & 0xff].join(',')
    this.#reply(`227 Entering Passive Mode (${numbers})`)
  }

  async #retrieve(path: string): Promise<void> {
    const file = this.#owner.file(path)
    const end = this.#owner.begin('RETR', path, this.#username)
    const body = Buffer.from(file?.body ?? '').subarray(this.#restartAt)
    this.#restartAt = 0
    const data = await this.#open(file ? file.refuse : '550 no such file')
    if (!data || !file) return end(false)
    const gone = new AbortController()
    data.once('close', () => gone.abort(new Error('the device closed the data connection')))
    const write = (piece: Uint8Array) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      data.write(piece, (error) => (error ? reject(error) : resolve()))
      return promise
    }
    const how = await sendBody(body, file, write, gone.signal).catch(() => 'gone' as const)
    if (how === 'complete') {
      const { promise, resolve } = Promise.withResolvers<void>()
      data.end(resolve)
      await promise
      this.#reply('226 complete')
    } else {
      data.destroy()
      if (how === 'cut') this.#control.destroy()
    }
    end(how === 'complete')
  }

  async #store(path: string): Promise<void> {
    const file = this.#owner.file(path)
    const end = this.#owner.begin('STOR', path, this.#username)
    const data = await this.#open(file?.refuse)
    if (!data) return end(false)
    const pieces: Buffer[] = []
    let size = 0
    const limit = file?.cutAfter ?? Number.POSITIVE_INFINITY
    try {
      for await (const piece of data as AsyncIterable<Buffer>) {
        pieces.push(piece)
        size += piece.length
        if (size >= limit) break
      }
    } catch {
      return end(false, Buffer.concat(pieces))
    }
    if (size >= limit) {
      this.#control.destroy()
      return end(false, Buffer.concat(pieces))
    }
    this.#reply('226 complete')
    end(true, Buffer.concat(pieces))
  }

  /** The data connection, once the transfer is announced; undefined where it is refused or cannot be. */
  async #open(refusal: string | undefined): Promise<Socket | undefined> {
    const waiting = this.#data
    this.#data = undefined
    if (refusal !== undefined) {
      // A data connection that is on its way is taken and closed: one that is torn down would drown the refusal.
      waiting?.connection.then(
        (data) => data.end(),
        () => {},
      )
      this.#reply(refusal)
      return undefined
    }
    if (!waiting) {
      this.#reply('425 PASV or EPSV first')
      return undefined
    }
    this.#reply('150 here it comes')
    try {
      return await waiting.connection
    } catch {
      this.#reply('425 no data connection')
      return undefined
    }
  }

  #resolve(path: string): string {
    return posix.resolve(this.#folder, path)
  }

  #forgetData(): void {
    this.#data?.server.close()
    this.#data = undefined
  }
}
