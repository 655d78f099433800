/** For tests: an FTP server that is just good enough. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

export class TinyFtp {
  readonly files = new Map<string, string>()
  /** Commands that came, without their arguments' case changed. */
  readonly commands: string[] = []
  password = 'secret'
  /** Answers that differ from the usual ones, by command. */
  readonly replies = new Map<string, string>()
  /** Drops everything after so many octets of a file. */
  cutAfter: number | undefined
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket))
  }

  static async listen(): Promise<TinyFtp> {
    const ftp = new TinyFtp()
    await new Promise<void>((resolve) => ftp.#server.listen(0, '127.0.0.1', resolve))
    return ftp
  }

  url(path: string): string {
    return `ftp://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  #serve(control: Socket): void {
    this.#adopt(control)
    let data: Promise<Socket> | undefined
    const reply = (line: string) => control.write(`${line}\r\n`)
    reply('220 hello')
    control.on('data', async (chunk) => {
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        this.commands.push(line)
        const [command = '', argument = ''] = line.split(/ (.*)/s)
        const other = this.replies.get(command)
        if (other !== undefined) reply(other)
        else if (command === 'USER') reply('331 password')
        else if (command === 'PASS') reply(argument === this.password ? '230 in' : '530 no')
        else if (command === 'SIZE')
          reply(this.files.has(argument) ? `213 ${this.files.get(argument)?.length}` : '550 no such file')
        else if (command === 'EPSV') {
          const { port, connected } = await this.#listenForData()
          data = connected
          reply(`229 Entering (|||${port}|)`)
        } else if (command === 'RETR') await this.#retrieve(argument, reply, control, data)
        else if (command === 'STOR') await this.#store(argument, reply, data)
        else reply('200 fine')
      }
    })
  }

  async #listenForData(): Promise<{ port: number; connected: Promise<Socket> }> {
    const server = createServer()
    const connected = new Promise<Socket>((resolve) => {
      server.once('connection', (socket) => {
        this.#adopt(socket)
        server.close()
        resolve(socket)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { port: (server.address() as AddressInfo).port, connected }
  }

  async #retrieve(
    path: string,
    reply: (line: string) => void,
    control: Socket,
    data: Promise<Socket> | undefined,
  ): Promise<void> {
    const content = this.files.get(path)
    const socket = await data
    if (content === undefined || !socket) {
      socket?.resetAndDestroy()
      return reply('550 no such file')
    }
    reply('150 here')
    if (this.cutAfter === undefined) {
      socket.end(content)
      return reply('226 done')
    }
    socket.write(content.slice(0, this.cutAfter), () => {
      socket.destroy()
      control.destroy()
    })
  }

  async #store(path: string, reply: (line: string) => void, data: Promise<Socket> | undefined) {
    const socket = await data
    if (!socket) return
    reply('150 go on')
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk as Buffer)
    this.files.set(path, Buffer.concat(chunks).toString())
    reply('226 done')
  }

  #adopt(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  }
}
