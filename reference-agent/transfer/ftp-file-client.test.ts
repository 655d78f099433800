import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { systemRandom } from '../platform/platform.ts'
import { testDialer } from '../transport/test-dialer.ts'
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

const client = () =>
  new FtpFileClient({ clock, random: systemRandom, patience: 30_000, dialer: testDialer() })
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
