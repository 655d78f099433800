import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Change } from '../breakage/breakage.ts'
import { octetsOf } from './answer.ts'
import { httpAnswers } from './http-fuzz.ts'

const language = httpAnswers()
const parts = { acs: new URL('http://127.0.0.1:7547/cwmp'), envelope: '<envelope/>', second: 'second' }

function written(requestClass: string, ...changes: readonly Change[]): string {
  return octetsOf(language.build({ requestClass, changes }), parts).toString('latin1')
}

function change(element: string, breakage: string, value = ''): Change {
  return { element, breakage, value }
}

test('writes proper answers', () => {
  expect(written('answer to an Inform')).toBe(
    'HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: 11\r\n\r\n<envelope/>',
  )
  expect(
    octetsOf(language.build({ requestClass: 'end of a session', changes: [] }), {
      ...parts,
      envelope: '',
    }).toString(),
  ).toBe('HTTP/1.1 204 No Content\r\n\r\n')
})

test('writes chunks, cuts and what stands behind', () => {
  const inChunks = written('answer to a response', change('length', 'of chunks', '7'))
  expect(inChunks).toContain('Transfer-Encoding: chunked\r\n\r\n7\r\n<envelo\r\n4\r\npe/>\r\n0\r\n\r\n')
  const cut = written('answer to a response', change('octets', 'cut, and the connection closed', '99'))
  expect(cut.endsWith('<envelope/>')).toBe(false)
  expect(written('answer to a response', change('octets behind', 'of another answer', '2'))).toMatch(
    /secondsecond$/,
  )
})

test('writes gzip that holds the envelope and very much more', () => {
  const message = language.build({
    requestClass: 'answer to a response',
    changes: [change('coding', 'gzip of very much', '1000000')],
  })
  const octets = octetsOf(message, parts)

  const content = gunzipSync(octets.subarray(octets.indexOf('\r\n\r\n') + 4))

  expect(content.length).toBe(1_000_011)
  expect(content.subarray(0, 11).toString()).toBe('<envelope/>')
  expect(octets.length).toBeLessThan(20_000)
})

test('builds each boundary of its grammar in bounded room', () => {
  for (const one of language.coverage()) {
    const { length } = octetsOf(language.build(one), parts)
    expect(length, language.describe(one)).toBeLessThan(20_000_000)
  }
})
