import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { whyNotCallable } from './callable.ts'

const reached = async () => undefined
const refused = async () => 'ECONNREFUSED'
const never = async () => Promise.reject(new Error('asked for'))

describe('the bench is to blame', () => {
  test('where this machine reaches the device and the ACS does not', async () => {
    const asked: [string, number][] = []
    const fromAcs = async (host: string, port: number) => {
      asked.push([host, port])
      return 'EHOSTUNREACH'
    }

    const why = await whyNotCallable('http://192.0.2.7:7547/a/secret', { fromAcs, fromHere: reached })

    expect(asked[0]).toEqual(['192.0.2.7', 7547])
    expect(why).toBe(
      'the ACS cannot call the device: its ConnectionRequestURL at http://192.0.2.7:7547 is reached from this machine, and not from the container of the ACS (EHOSTUNREACH); let containers through to it (docs/writing-a-dut-adapter.md)',
    )
  })

  test.each([
    'http://127.0.0.1:7547/',
    'http://127.9.8.7/',
    'http://localhost:7547/',
    'http://[::1]:7547/',
    'http://[::ffff:127.0.0.1]:7547/',
  ])('where the device is on the loopback address of this machine: %s', async (url) => {
    const why = await whyNotCallable(url, { fromAcs: never, fromHere: reached })

    expect(why).toMatch(/is on the loopback address of this machine, .*such as that of docker0/)
    expect(why).not.toContain('\n')
  })
})

describe('the bench is not to blame', () => {
  test('where the ACS reaches the device, and this machine is not asked', async () => {
    expect(
      await whyNotCallable('http://[2001:db8::1]/', { fromAcs: reached, fromHere: never }),
    ).toBeUndefined()
  })

  test('where the ACS reaches the device at the second try', async () => {
    const answers = ['no answer', undefined]
    const fromAcs = async () => answers.shift()

    expect(await whyNotCallable('http://192.0.2.7/', { fromAcs, fromHere: reached })).toBeUndefined()
    expect(answers).toEqual([])
  })

  test.each(['http://192.0.2.7:7547/', 'http://127.0.0.1:7547/'])(
    'where nobody takes calls at all: %s',
    async (url) => {
      expect(await whyNotCallable(url, { fromAcs: refused, fromHere: refused })).toBeUndefined()
    },
  )

  test.each(['', 'not a URL', 'ftp://192.0.2.7/'])('for %j, which is no URL to call', async (url) => {
    expect(await whyNotCallable(url, { fromAcs: never, fromHere: never })).toBeUndefined()
  })
})

describe('from this machine', () => {
  let server: Server
  let url: string
  beforeEach(async () => {
    server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  afterEach(() => void server.close())

  test('a device is reached that listens, and no other', async () => {
    expect(await whyNotCallable(url, { fromAcs: never })).toContain(new URL(url).origin)

    server.close()
    await once(server, 'close')
    expect(await whyNotCallable(url, { fromAcs: never })).toBeUndefined()
  })
})
