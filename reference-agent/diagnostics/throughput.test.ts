import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { type Clock, SystemClock } from '../platform/platform.ts'
import { TinyFtp } from '../transfer/tiny-ftp.ts'
import { ScriptedServer } from '../transport/scripted-server.ts'
import type { Diagnostic, DiagnosticResult } from './diagnostic.ts'
import { systemNetwork } from './network.ts'
import { DownloadTest, UploadTest } from './throughput-test.ts'

const closers: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const DEFAULTS: Record<string, string> = {
  Interface: '',
  ProtocolVersion: 'Any',
  NumberOfConnections: '1',
  DownloadDiagnosticMaxConnections: '1',
  UploadDiagnosticsMaxConnections: '1',
  EnablePerConnectionResults: 'false',
  TestFileLength: '300000',
}

function parametersOf(changes: Record<string, string>) {
  const all = { ...DEFAULTS, ...changes }
  const text = (name: string) => all[name] ?? ''
  return { text, number: (name: string) => Number(text(name)) }
}

function run(
  test: Diagnostic,
  changes: Record<string, string>,
  clock: Clock = new SystemClock(),
  signal = new AbortController().signal,
): Promise<DiagnosticResult> {
  return test.run({ parameters: parametersOf(changes), clock, network: systemNetwork, signal })
}

const download = (url: string, changes: Record<string, string> = {}, clock?: Clock) =>
  run(new DownloadTest(), { DownloadURL: url, ...changes }, clock)
const upload = (url: string, changes: Record<string, string> = {}, clock?: Clock) =>
  run(new UploadTest(), { UploadURL: url, ...changes }, clock)

/** Microseconds of a time, checked for its form. */
function time(result: DiagnosticResult, name: string): number {
  const text = result.values?.[name] ?? ''
  expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  return Date.parse(`${text.slice(0, 23)}Z`) * 1000 + Number(text.slice(23, 26))
}

/** The moments of a test are in their order, and the period of full loading is that from the first packet to the last. */
function expectTimes(result: DiagnosticResult): void {
  const names = ['TCPOpenRequestTime', 'TCPOpenResponseTime', 'ROMTime', 'BOMTime', 'EOMTime']
  const times = names.map((name) => time(result, name))
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  const period = Number(result.values?.PeriodOfFullLoading)
  expect(Math.abs(period - ((times[4] ?? 0) - (times[3] ?? 0)))).toBeLessThanOrEqual(2)
}

/** A TCP server; gives its port. */
function listen(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    serve(socket)
  })
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  )
}

async function closedPort(): Promise<number> {
  const port = await listen(() => {})
  closers.pop()?.()
  return port
}

/** Runs with a clock that goes on as soon as the server has heard something. */
async function silent(start: (url: string, clock: Clock) => Promise<DiagnosticResult>, greeting = '') {
  const clock = new ManualClock()
  const port = await listen((socket) => {
    if (greeting) socket.write(greeting)
    socket.once('data', () => setImmediate(() => clock.advance(30_000)))
  })
  return start(`http://127.0.0.1:${port}/`, clock)
}

describe('over HTTP', () => {
  let server: ScriptedServer

  beforeEach(async () => {
    server = await ScriptedServer.listen(() => ({ body: 'x'.repeat(500_000) }))
    closers.push(() => server.close())
  })

  test('a download is measured from its first packet to its last, headers included', async () => {
    const result = await download(server.url('/file?size=5'))

    expect(result.state).toBe('Complete')
    expect(server.requests).toMatchObject([
      { method: 'GET', url: '/file?size=5', headers: { connection: 'keep-alive' } },
    ])
    const octets = Number(result.values?.TestBytesReceived)
    expect(octets).toBeGreaterThan(500_000)
    expect(octets).toBeLessThan(501_000)
    expect(result.values).toMatchObject({
      IPAddressUsed: '127.0.0.1',
      TotalBytesReceived: '0',
      TestBytesReceivedUnderFullLoading: String(octets),
    })
    expectTimes(result)
    expect(result.rows).toEqual({})
  })

  test('an upload sends as many octets as were asked for', async () => {
    server.script = () => ({ status: 201 })
    const result = await upload(server.url('/there'))

    expect(result.state).toBe('Complete')
    expect(server.requests).toMatchObject([{ method: 'PUT', url: '/there' }])
    expect(server.requests[0]?.octets).toHaveLength(300_000)
    const octets = Number(result.values?.TestBytesSent)
    expect(octets).toBeGreaterThan(300_000)
    expect(octets).toBeLessThan(301_000)
    expectTimes(result)
  })

  test('tells of each connection, and of the interface, where that is asked for', async () => {
    const { values = {}, rows } = await download(server.url(), {
      EnablePerConnectionResults: 'true',
      Interface: 'Device.IP.Interface.1',
    })

    const { ROMTime, BOMTime, EOMTime, TestBytesReceived, TCPOpenRequestTime, TCPOpenResponseTime } = values
    expect(values.TotalBytesReceived).toBe(TestBytesReceived)
    expect(rows).toEqual({
      PerConnectionResult: [
        {
          ROMTime,
          BOMTime,
          EOMTime,
          TestBytesReceived,
          TotalBytesReceived: TestBytesReceived,
          TCPOpenRequestTime,
          TCPOpenResponseTime,
        },
      ],
    })
  })

  test.each([
    [404, 'Error_TransferFailed', 'Error_Other'],
    [500, 'Error_TransferFailed', 'Error_Other'],
    [401, 'Error_LoginFailed', 'Error_LoginFailed'],
  ])('status %d', async (status, downloaded, uploaded) => {
    server.script = () => ({ status })

    expect(await download(server.url())).toEqual({ state: downloaded })
    expect(await upload(server.url())).toEqual({ state: uploaded })
  })

  test('nobody at the port', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`

    expect(await download(url)).toEqual({ state: 'Error_InitConnectionFailed' })
    expect(await upload(url)).toEqual({ state: 'Error_InitConnectionFailed' })
  })

  test('a server that takes the connection and says nothing, or hangs up', async () => {
    expect(await silent(download2)).toEqual({ state: 'Error_NoResponse' })
    expect(await silent(upload2)).toEqual({ state: 'Error_NoResponse' })
    const port = await listen((socket) => socket.once('data', () => socket.destroy()))
    expect(await download(`http://127.0.0.1:${port}/`)).toEqual({ state: 'Error_NoResponse' })
    expect(await upload(`http://127.0.0.1:${port}/`)).toEqual({ state: 'Error_NoResponse' })
  })

  test('a download that stops in the middle', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'
    const cut = await listen((socket) => socket.once('data', () => socket.end(head)))
    expect(await download(`http://127.0.0.1:${cut}/`)).toEqual({ state: 'Error_TransferFailed' })

    const clock = new ManualClock()
    const stuck = await listen((socket) => socket.once('data', () => socket.write(head)))
    const advance = setInterval(() => clock.advance(1_000), 1)
    const result = await download(`http://127.0.0.1:${stuck}/`, {}, clock)
    clearInterval(advance)
    expect(result).toEqual({ state: 'Error_Timeout' })
  })

  test('is given up when nobody wants to know', async () => {
    const abort = new AbortController()
    const port = await listen((socket) => socket.once('data', () => abort.abort()))
    await run(
      new DownloadTest(),
      { DownloadURL: `http://127.0.0.1:${port}/` },
      new SystemClock(),
      abort.signal,
    )

    expect(abort.signal.aborted).toBe(true)
  })

  const download2 = (url: string, clock: Clock) => download(url, {}, clock)
  const upload2 = (url: string, clock: Clock) => upload(url, {}, clock)
})

describe('over FTP', () => {
  let server: TinyFtp

  beforeEach(async () => {
    server = await TinyFtp.listen()
    server.files.set('/a file', 'x'.repeat(200_000))
    closers.push(() => server.close())
  })

  const url = (path = '/a%20file') => server.url(path).replace('ftp://', 'ftp://user:secret@')

  test('a download is measured on its data connection, in binary mode', async () => {
    const result = await download(url())

    expect(result).toMatchObject({ state: 'Complete', values: { TestBytesReceived: '200000' } })
    expectTimes(result)
    expect(server.commands).toEqual(['USER user', 'PASS secret', 'TYPE I', 'EPSV', 'RETR /a file'])
  })

  test('an upload sends as many octets as were asked for', async () => {
    const result = await upload(url('/new'))

    expect(result).toMatchObject({ state: 'Complete', values: { TestBytesSent: '300000' } })
    expect(server.files.get('/new')).toHaveLength(300_000)
    expectTimes(result)
  })

  test('takes PASV where there is no EPSV, and goes to the host under test', async () => {
    const port = await listen((socket) => socket.end('abc'))
    server.replies.set('EPSV', '500 unknown')
    server.replies.set('PASV', `227 here (192,0,2,1,${port >> 8},${port & 255})`)
    server.replies.set('RETR', '150 here\r\n226 done')

    expect(await download(url())).toMatchObject({ state: 'Complete', values: { TestBytesReceived: '3' } })
  })

  test('is anonymous without a user name', async () => {
    server.password = 'anonymous@'
    await download(server.url('/a%20file'))

    expect(server.commands.slice(0, 2)).toEqual(['USER anonymous', 'PASS anonymous@'])
  })

  test.each([
    ['USER', '530 go away', 'Error_PasswordRequestFailed', 'Error_PasswordRequestFailed'],
    ['PASS', '530 wrong', 'Error_LoginFailed', 'Error_LoginFailed'],
    ['TYPE', '504 no', 'Error_NoTransferMode', 'Error_NoTransferMode'],
    ['EPSV', '500 no\r\n500 no', 'Error_NoPASV', 'Error_NoPASV'],
    ['RETR', '550 no such file', 'Error_TransferFailed', 'Complete'],
    ['STOR', '553 not here', 'Complete', 'Error_NoSTOR'],
    ['STOR', '150 go on\r\n552 full', 'Complete', 'Error_NoTransferComplete'],
  ])('%s answered with %s', async (command, reply, downloaded, uploaded) => {
    server.replies.set(command, reply)

    expect((await download(url())).state).toBe(downloaded)
    expect((await upload(url('/new'))).state).toBe(uploaded)
  })

  test('a download that is cut', async () => {
    server.cutAfter = 1000

    expect(await download(url())).toEqual({
      state: expect.stringMatching(/^Error_(TransferFailed|NoResponse)$/),
    })
  })

  test('ends with an error when the server resets the control connection', async () => {
    const port = await listen((socket) => {
      socket.write('220 ready\r\n')
      socket.once('data', () => socket.resetAndDestroy())
    })

    const { state } = await download(`ftp://127.0.0.1:${port}/a`)

    expect(state).toMatch(/^Error_/)
  })

  test('nobody at the port, and a server that does not greet', async () => {
    expect(await download(`ftp://127.0.0.1:${await closedPort()}/`)).toEqual({
      state: 'Error_InitConnectionFailed',
    })
    const clock = new ManualClock()
    const port = await listen(() => {})
    const advance = setInterval(() => clock.advance(5_000), 1)
    const { state } = await download(`ftp://127.0.0.1:${port}/`, {}, clock)
    clearInterval(advance)
    expect(state).toMatch(/^Error_(NoResponse|InitConnectionFailed)$/)
  })

  test('commands cannot be smuggled in', async () => {
    await download(url('/a%0d%0aDELE%20b'))

    expect(server.commands.at(-1)).toBe('RETR /aDELE b')
  })
})

test('a host without an address', async () => {
  const network = { ...systemNetwork, resolveHost: () => Promise.reject(new Error('ENOTFOUND')) }
  const parameters = parametersOf({ DownloadURL: 'http://nowhere.invalid/' })
  const { signal } = new AbortController()

  expect(await new DownloadTest().run({ parameters, network, clock: new SystemClock(), signal })).toEqual({
    state: 'Error_CannotResolveHostName',
  })
})

describe('is refused', () => {
  test.each([
    [{ DownloadURL: '' }, 'DownloadURL is no URL of HTTP or FTP'],
    [{ DownloadURL: 'tftp://a/' }, 'DownloadURL is no URL of HTTP or FTP'],
    [{ DownloadURL: 'http://' }, 'DownloadURL is no URL of HTTP or FTP'],
    [{ NumberOfConnections: '2' }, 'NumberOfConnections is over DownloadDiagnosticMaxConnections'],
    [{}, undefined],
  ])('a download with %j: %s', (changes, objection) => {
    expect(new DownloadTest().objection(parametersOf({ DownloadURL: 'http://a/', ...changes }))).toBe(
      objection,
    )
  })

  test.each([
    [{ UploadURL: 'nonsense' }, 'UploadURL is no URL of HTTP or FTP'],
    [{ TestFileLength: '0' }, 'TestFileLength is 0'],
    [{}, undefined],
  ])('an upload with %j: %s', (changes, objection) => {
    expect(new UploadTest().objection(parametersOf({ UploadURL: 'ftp://a/', ...changes }))).toBe(objection)
  })
})
