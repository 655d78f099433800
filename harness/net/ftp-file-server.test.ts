import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { FtpFileServer } from './net.ts'

/** Just enough of a client to see each reply. */
class Client {
  readonly #control: Socket
  readonly #lines: AsyncIterator<string>

  constructor(port: number) {
    this.#control = connect(port, '127.0.0.1')
    this.#lines = createInterface({ input: this.#control })[Symbol.asyncIterator]()
  }

  async reply(): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done) return 'closed'
      if (/^\d{3} /.test(value)) return value
    }
  }

  async ask(command: string): Promise<string> {
    this.#control.write(`${command}\r\n`)
    return this.reply()
  }

  async logIn(username: string, password: string): Promise<string> {
    await this.reply()
    await this.ask(`USER ${username}`)
    return this.ask(`PASS ${password}`)
  }

  async data(command: 'EPSV' | 'PASV'): Promise<Socket> {
    const reply = await this.ask(command)
    const [high = '', low = ''] = /(\d+),(\d+)\)/.exec(reply)?.slice(1) ?? []
    const port =
      command === 'EPSV' ? Number(/\|\|\|(\d+)\|/.exec(reply)?.[1]) : Number(high) * 256 + Number(low)
    // The server may close it as soon as it is open.
    return connect(port, '127.0.0.1').on('error', () => {})
  }
}

let ftp: FtpFileServer
afterEach(() => ftp.close())

async function textOf(data: Socket): Promise<string> {
  let text = ''
  for await (const piece of data) text += piece
  return text
}

test.each(['EPSV', 'PASV'] as const)('hands out a file over %s, from the middle, too', async (mode) => {
  ftp = await FtpFileServer.listen()
  ftp.serve('/folder/file', { body: '0123456789' })
  const client = new Client(ftp.port)

  expect(await client.logIn('anonymous', 'me@')).toMatch(/^230/)
  await client.ask('TYPE I')
  await client.ask('CWD /folder')
  expect(await client.ask('SIZE file')).toBe('213 10')
  await client.ask('REST 4')
  const data = await client.data(mode)
  const content = textOf(data)
  expect(await client.ask('RETR file')).toMatch(/^150/)

  expect(await content).toBe('456789')
  expect(await client.reply()).toMatch(/^226/)
  expect(await client.ask('QUIT')).toMatch(/^221/)
  const { path, command, username, ended } = await ftp.next('a transfer', { timeoutMs: 1000 })
  expect([command, path, username, await ended]).toEqual(['RETR', '/folder/file', 'anonymous', true])
})

test('takes in a file', async () => {
  ftp = await FtpFileServer.listen({ account: { username: 'u', password: 'p' } })
  const client = new Client(ftp.port)
  await client.logIn('u', 'p')
  const data = await client.data('EPSV')
  await client.ask('STOR /up')

  data.end('abc')

  expect(await client.reply()).toMatch(/^226/)
  const stored = await ftp.next('a transfer', { timeoutMs: 1000 })
  expect(await stored.ended).toBe(true)
  expect(stored.body.toString()).toBe('abc')
  expect(stored.sha256).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('refuses a wrong password, and everything that needs a login', async () => {
  ftp = await FtpFileServer.listen({ account: { username: 'u', password: 'p' } })
  const client = new Client(ftp.port)

  expect(await client.logIn('u', 'q')).toMatch(/^530/)
  expect(await client.ask('RETR /file')).toMatch(/^530/)
  expect(ftp.failedLogins).toBe(1)
})

test('refuses what is not there, and what it was told to', async () => {
  ftp = await FtpFileServer.listen()
  ftp.serve('/closed', { refuse: '553 not for you' })
  const client = new Client(ftp.port)
  await client.logIn('anonymous', '')

  const data = await client.data('EPSV')
  expect(await client.ask('RETR /nothing')).toMatch(/^550/)
  data.destroy()
  expect(await client.ask('RETR /closed')).toBe('553 not for you')
  expect(await client.ask('SIZE /nothing')).toMatch(/^550/)
})

test('cuts a transfer, and the control connection with it', async () => {
  ftp = await FtpFileServer.listen()
  ftp.serve('/cut', { body: 'x'.repeat(1000), cutAfter: 10 })
  const client = new Client(ftp.port)
  await client.logIn('anonymous', '')
  const data = await client.data('EPSV')
  const content = textOf(data).catch(() => 'cut')
  await client.ask('RETR /cut')

  await content
  expect(await client.reply()).toBe('closed')
  expect(await (await ftp.next('a transfer', { timeoutMs: 1000 })).ended).toBe(false)
})

test('is closed while a transfer stalls', async () => {
  ftp = await FtpFileServer.listen()
  ftp.serve('/stall', { body: 'for ever', stallAfter: 1 })
  const client = new Client(ftp.port)
  await client.logIn('anonymous', '')
  const data = await client.data('PASV')
  data.resume()
  await client.ask('RETR /stall')
  const closed = once(data, 'close')

  await ftp.close()

  await closed
})
