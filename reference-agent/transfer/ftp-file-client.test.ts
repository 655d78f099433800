import { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { systemRandom } from '../platform/platform.ts'
import { testDialer } from '../transport/test-dialer.ts'
import { type Dialer, Names } from '../transport/transport.ts'
import { FileTransferError } from './failure.ts'
import { FtpFileClient } from './ftp-file-client.ts'
import { TinyFtp } from './tiny-ftp.ts'

let server: TinyFtp
let clock: ManualClock
let received: string
let expected: number | undefined

beforeEach(async () => {
  server = await TinyFtp.listen()
  server.files.set('a dir/file', 'content')
  clock = new ManualClock()
  received = ''
  expected = undefined
})

afterEach(() => server.close())

const client = (dialer = testDialer()) =>
  new FtpFileClient({ clock, random: systemRandom, patience: 30_000, dialer })

/** A dialer whose name service gives these addresses to every host. */
function everywhere(addresses: Promise<string[]>): Dialer {
  class Everywhere extends Names {
    override addressesOf(): Promise<string[]> {
      return addresses
    }
  }
  return testDialer({ names: new Everywhere({ clock, timeout: 1_000 }) })
}
const never = new AbortController().signal

function fetch(path = '/a%20dir/file', credentials = { username: 'me', password: 'secret' }, signal = never) {
  const sink = {
    expect: (size: number) => {
      expected = size
    },
    write: (octets: Uint8Array) => {
      received += Buffer.from(octets).toString()
    },
  }
  return client().fetch({ url: new URL(server.url(path)), credentials }, sink, signal)
}

const failure = (kind: string) => ({ name: 'FileTransferError', kind })

describe('FtpFileClient', () => {
  test('gets a file as the user it is given, in binary', async () => {
    await fetch()

    expect(received).toBe('content')
    expect(expected).toBe(7)
    expect(server.commands).toEqual(
      expect.arrayContaining(['USER me', 'PASS secret', 'TYPE I', 'RETR a dir/file']),
    )
  })

  test('is anonymous without a user', async () => {
    server.password = 'guest'

    await fetch(undefined, { username: '', password: '' })

    expect(server.commands).toContain('USER anonymous')
  })

  test('puts a file', async () => {
    await client().store(
      { url: new URL(server.url('/up')), credentials: { username: 'me', password: 'secret' } },
      Buffer.from('mine'),
      never,
    )

    expect(server.files.get('up')).toBe('mine')
  })

  test('does without a size', async () => {
    server.replies.set('SIZE', '502 what?')

    await fetch()

    expect(received).toBe('content')
  })

  test('knows why it was refused', async () => {
    await expect(fetch('/nothing')).rejects.toMatchObject(failure('no-access'))
    await expect(fetch(undefined, { username: 'me', password: 'wrong' })).rejects.toMatchObject(
      failure('authentication'),
    )
  })

  test('calls a file interrupted that ends too early', async () => {
    server.cutAfter = 3

    await expect(fetch()).rejects.toMatchObject(failure('interrupted'))
  })

  test('calls a server unreachable that is not there', async () => {
    const url = new URL('ftp://127.0.0.1:1/file')
    const sink = { expect: () => {}, write: () => {} }

    await expect(
      client().fetch({ url, credentials: { username: '', password: '' } }, sink, never),
    ).rejects.toMatchObject(failure('unreachable'))
  })

  test('finds a server by the names that the device knows, and tries its addresses in turn', async () => {
    const url = new URL(server.url('/a%20dir/file').replace('127.0.0.1', 'files.example'))
    const credentials = { username: 'me', password: 'secret' }
    const sizes: number[] = []
    const sink = { expect: () => {}, write: ({ length }: Uint8Array) => void sizes.push(length) }
    const found = client(everywhere(Promise.resolve(['127.0.0.2', '127.0.0.1'])))

    await found.fetch({ url, credentials }, sink, never)

    expect(sizes).toEqual([7])
    const lost = client(everywhere(Promise.reject(new Error('files.example has no IPv4 address'))))
    await expect(lost.fetch({ url, credentials }, sink, never)).rejects.toMatchObject({
      ...failure('unreachable'),
      message: expect.stringContaining('has no IPv4 address'),
    })
  })

  test('does not wait for a name longer than for anything else, nor when nobody waits any more', async () => {
    const url = new URL('ftp://files.example/file')
    const credentials = { username: '', password: '' }
    const sink = { expect: () => {}, write: () => {} }
    const waiting = client(everywhere(new Promise(() => {})))

    const late = waiting.fetch({ url, credentials }, sink, never)
    clock.advance(30_000)
    await expect(late).rejects.toMatchObject({
      ...failure('unreachable'),
      message: expect.stringContaining('silent for 30 s'),
    })

    const abort = new AbortController()
    const cut = waiting.fetch({ url, credentials }, sink, abort.signal)
    abort.abort(new Error('the device goes down'))
    await expect(cut).rejects.toThrow('the device goes down')
  })

  test('leaves a connection that comes when nobody waits any more', async () => {
    const address = Promise.withResolvers<string[]>()
    const ended = Promise.withResolvers<void>()
    const listening = createServer((socket) => socket.on('close', () => ended.resolve()).resume())
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
    const url = new URL(`ftp://files.example:${(listening.address() as AddressInfo).port}/file`)
    const dialer = everywhere(address.promise)
    const abort = new AbortController()
    const dial = dialer.dial.bind(dialer)
    dialer.dial = (target) => dial(target)
    const fetched = client(dialer).fetch(
      { url, credentials: { username: '', password: '' } },
      { expect: () => {}, write: () => {} },
      abort.signal,
    )
    abort.abort(new Error('enough'))
    await expect(fetched).rejects.toThrow('enough')

    address.resolve(['127.0.0.1'])

    await ended.promise
    await new Promise((resolve) => listening.close(resolve))
  })

  test('passes on what the sink throws', async () => {
    const url = new URL(server.url('/a%20dir/file'))
    const credentials = { username: 'me', password: 'secret' }
    const refuse = () => {
      throw new FileTransferError('too-large', 'no')
    }

    for (const sink of [
      { expect: refuse, write: () => {} },
      { expect: () => {}, write: refuse },
    ])
      await expect(client().fetch({ url, credentials }, sink, never)).rejects.toMatchObject(
        failure('too-large'),
      )
  })

  test('gives up a server that is silent, in device time, and ends with the reason of the signal', async () => {
    const silence = new Promise<void>((resolve) => {
      server.replies.set('USER', '')
      const poll = () => (server.commands.includes('USER me') ? resolve() : setImmediate(poll))
      poll()
    })
    const fetched = fetch()
    await silence

    clock.advance(30_000)

    await expect(fetched).rejects.toMatchObject(failure('interrupted'))
    await expect(fetch(undefined, undefined, AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    )
  })
})
