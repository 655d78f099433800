import { request as httpRequest } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { digestResponse, parseAuthentication } from '../acs/digest.ts'
import { DeviceSilent } from '../failure.ts'
import { HttpFileServer } from './net.ts'

let files: HttpFileServer
beforeEach(async () => {
  files = await HttpFileServer.listen()
})
afterEach(() => files.close())

const soon = { timeoutMs: 2000 }

test('hands out what was put at a path, and 404 for anything else', async () => {
  const url = files.serve('/image', { body: 'octets' })

  const there = await fetch(url)
  const elsewhere = await fetch(files.url('/nothing'))

  expect(await there.text()).toBe('octets')
  expect(there.headers.get('content-length')).toBe('6')
  expect(elsewhere.status).toBe(404)
  expect(files.log.all.map(({ path, status }) => [path, status])).toEqual([
    ['/image', 200],
    ['/nothing', 404],
  ])
})

test('lets a case wait for a request that is yet to come, and gives each out once', async () => {
  const url = files.serve('/a', { body: 'a' })
  const first = files.next('a GET', soon)
  await (await fetch(url)).text()
  await (await fetch(url)).text()

  const [one, two] = [await first, await files.next('another GET', soon)]

  expect(one).not.toBe(two)
  expect(await one.answered).toBe(true)
  await expect(files.next('a third GET', { timeoutMs: 1 })).rejects.toThrow(DeviceSilent)
})

test('ends a wait when the case does', async () => {
  const over = new AbortController()
  const waiting = files.next('a GET', { ...soon, signal: over.signal })

  over.abort(new Error('the case is over'))

  await expect(waiting).rejects.toThrow('the case is over')
})

test('keeps what is uploaded, with its SHA-256', async () => {
  const url = files.serve('/up', {})

  const { status } = await fetch(url, { method: 'PUT', body: 'abc' })

  const upload = await files.next('an upload', soon)
  expect(status).toBe(201)
  expect(upload.body.toString()).toBe('abc')
  expect(upload.sha256).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('cuts the connection after some octets', async () => {
  const url = files.serve('/cut', { body: 'x'.repeat(1000), cutAfter: 100 })

  const fetched = fetch(url).then((answer) => answer.text())

  await expect(fetched).rejects.toThrow()
  expect(await (await files.next('a GET', soon)).answered).toBe(false)
})

test('states another length than the body has', async () => {
  const url = files.serve('/short', { body: 'short', contentLength: 50 })

  await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow()
})

test('stalls until it may go on', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const url = files.serve('/stall', { body: 'before and after', stallAfter: 6, goOn: promise })
  const answer = await fetch(url)
  const reader = answer.body?.getReader()

  const first = await reader?.read()
  resolve()
  const second = await reader?.read()

  expect(Buffer.from(first?.value ?? []).toString()).toBe('before')
  expect(Buffer.from(second?.value ?? []).toString()).toBe(' and after')
})

test('is closed while a transfer stalls', async () => {
  const url = files.serve('/stall', { body: 'for ever', stallAfter: 1 })
  const fetched = fetch(url).then((answer) => answer.text())
  const ended = expect(fetched).rejects.toThrow()
  await files.next('a GET', soon)

  await files.close()

  await ended
})

test('is content with a device that leaves once it has the last octet', async () => {
  const url = files.serve('/pieces', { body: 'two pieces', pieces: { octets: 5, pauseMs: 1 } })
  const { promise, resolve } = Promise.withResolvers<string>()
  const request = httpRequest(url, (answer) => {
    let text = ''
    answer.on('data', (piece) => {
      text += piece
      if (text.length < 10) return
      request.destroy()
      resolve(text)
    })
  })
  request.end()

  expect(await promise).toBe('two pieces')
  expect(await (await files.next('a GET', soon)).answered).toBe(true)
})

test('knows a device that leaves between two pieces', async () => {
  const url = files.serve('/pieces', { body: 'two pieces', pieces: { octets: 5, pauseMs: 20_000 } })
  const request = httpRequest(url, (answer) => answer.once('data', () => request.destroy()))
  request.on('error', () => {}).end()

  expect(await (await files.next('a GET', soon)).answered).toBe(false)
})

test('gives out a range, chunks, redirects and hangs up', async () => {
  const range = await fetch(files.serve('/range', { body: '0123456789' }), {
    headers: { Range: 'bytes=3-5' },
  })
  const chunked = await fetch(files.serve('/chunked', { body: 'in pieces', chunked: true }))
  const moved = await fetch(
    files.serve('/moved', { status: 302, headers: { Location: files.url('/chunked') } }),
  )
  const gone = fetch(files.serve('/gone', { hangUp: true }))

  expect([range.status, range.headers.get('content-range'), await range.text()]).toEqual([
    206,
    'bytes 3-5/10',
    '345',
  ])
  expect([chunked.headers.get('transfer-encoding'), await chunked.text()]).toEqual(['chunked', 'in pieces'])
  expect(await moved.text()).toBe('in pieces')
  await expect(gone).rejects.toThrow()
})

test('serves each request as the script has it', async () => {
  const url = files.serve('/twice', (_request, nth) => (nth === 1 ? { status: 503 } : { body: 'now' }))

  const statuses = [(await fetch(url)).status, (await fetch(url)).status]

  expect(statuses).toEqual([503, 200])
})

test('lets in by Basic, with each request anew', async () => {
  const authentication = { scheme: 'basic', username: 'u', password: 'p', everyRequest: true } as const
  const url = files.serve('/basic', { body: 'secret', authentication })
  const Authorization = `Basic ${Buffer.from('u:p').toString('base64')}`

  const [without, wrong, right] = [
    await fetch(url),
    await fetch(url, { headers: { Authorization: 'Basic eDp5' } }),
    await fetch(url, { headers: { Authorization } }),
  ]

  expect([without.status, wrong.status, right.status]).toEqual([401, 401, 200])
  expect((await files.next('a GET', soon)).status).toBe(200)
})

test('lets in by Digest', async () => {
  const authentication = { scheme: 'digest', username: 'u', password: 'p' } as const
  const url = files.serve('/digest', { body: 'secret', authentication })
  const challenge = parseAuthentication((await fetch(url)).headers.get('www-authenticate') ?? '')[0]
  const nonce = challenge?.parameters.get('nonce') ?? ''
  const input = { username: 'u', password: 'p', realm: 'cwmp', nonce, method: 'GET', uri: '/digest' } as const
  const response = digestResponse({ ...input, algorithm: 'MD5', qop: 'auth', nc: '00000001', cnonce: 'c' })
  const parts = { username: 'u', realm: 'cwmp', nonce, uri: '/digest', response, cnonce: 'c', qop: 'auth' }
  const fields = Object.entries(parts).map(([name, value]) => `${name}="${value}"`)

  const answer = await fetch(url, { headers: { Authorization: `Digest ${fields.join(', ')}, nc=00000001` } })

  expect(await answer.text()).toBe('secret')
})

test('says which port is in use', async () => {
  await expect(HttpFileServer.listen({ port: files.port })).rejects.toThrow(`port ${files.port}`)
})

test('answers HEAD without the body', async () => {
  const url = files.serve('/head', { body: 'octets' })
  const { promise, resolve } = Promise.withResolvers<string | undefined>()

  httpRequest(url, { method: 'HEAD' }, (answer) => {
    answer.resume()
    resolve(answer.headers['content-length'])
  }).end()

  expect(await promise).toBe('6')
})

test('sends as many zeros as it is told, also to who asks for a part', async () => {
  const url = files.serve('/zeros', { zeros: 100_000, chunked: true })

  const answer = await fetch(url, { headers: { Range: 'bytes=5-9' } })

  expect([answer.status, answer.headers.get('content-length')]).toEqual([200, null])
  expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.alloc(100_000))).toBe(true)
})
