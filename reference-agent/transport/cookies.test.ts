import { describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { CookieJar } from './cookies.ts'

const url = (text: string) => new URL(text)
const home = url('http://acs.example.com/acs/inform')

function jarWith(...lines: string[]): CookieJar {
  const jar = new CookieJar(new ManualClock())
  jar.store(lines, home)
  return jar
}

describe('CookieJar', () => {
  test('returns every cookie of the session, those with longer paths first', () => {
    const jar = jarWith('a=1; Path=/', 'b=2; Path=/acs', 'c=3; Path=/')

    expect(jar.header(home)).toBe('b=2; a=1; c=3')
  })

  test('has no Cookie field before a cookie was set', () => {
    expect(new CookieJar(new ManualClock()).header(home)).toBeUndefined()
  })

  test.each(['a=\0', 'a=1\x07', 'a\x7f=1'])('ignores a cookie that no field can carry: %j', (line) => {
    expect(jarWith('b=2', line).header(home)).toBe('b=2')
  })

  test('replaces a cookie of the same name, domain and path', () => {
    const jar = jarWith('a=1', 'b=2', 'a=3')

    expect(jar.header(home)).toBe('a=3; b=2')
  })

  test.each([
    ['/acs', 'http://acs.example.com/acs', true],
    ['/acs', 'http://acs.example.com/acs/deeper/still', true],
    ['/acs', 'http://acs.example.com/acsother', false],
    ['/acs/', 'http://acs.example.com/acs', false],
    ['/', 'http://acs.example.com/', true],
    ['relative', 'http://acs.example.com/acs/x', true],
    ['relative', 'http://acs.example.com/other', false],
  ])('sends a cookie for path %s to %s: %s', (path, target, sent) => {
    expect(jarWith(`a=1; Path=${path}`).header(url(target)) !== undefined).toBe(sent)
  })

  test('takes the directory of the URL as path when none is given', () => {
    const jar = jarWith('a=1')

    expect(jar.header(url('http://acs.example.com/acs/other'))).toBe('a=1')
    expect(jar.header(url('http://acs.example.com/'))).toBeUndefined()
  })

  test.each([
    ['a=1', 'http://acs.example.com/acs/', true],
    ['a=1', 'http://sub.acs.example.com/acs/', false],
    ['a=1; Domain=acs.example.com', 'http://sub.acs.example.com/acs/', true],
    ['a=1; Domain=.EXAMPLE.com', 'http://other.example.com/acs/', true],
    ['a=1; Domain=example.com', 'http://badexample.com/acs/', false],
    ['a=1; Domain=com', 'http://acs.example.com/acs/', false],
    ['a=1; Domain=other.org', 'http://other.org/acs/', false],
    ['a=1; Secure', 'http://acs.example.com/acs/', false],
  ])('%s goes to %s: %s', (line, target, sent) => {
    expect(jarWith(line).header(url(target)) !== undefined).toBe(sent)
  })

  test('keeps secure cookies off plain http', () => {
    const jar = new CookieJar(new ManualClock())
    jar.store(['a=1; Secure; Path=/'], url('https://acs.example.com/'))

    expect(jar.header(url('https://acs.example.com/x'))).toBe('a=1')
    expect(jar.header(url('http://acs.example.com/x'))).toBeUndefined()
  })

  test('forgets cookies whose time has come, Max-Age before Expires', () => {
    const clock = new ManualClock()
    const jar = new CookieJar(clock)
    jar.store(
      [
        'aged=1; Max-Age=10; Expires=Wed, 21 Oct 2065 07:28:00 GMT',
        'dated=2; Expires=Sun, 01 Mar 2026 12:00:20 GMT',
        'forever=3',
      ],
      home,
    )

    clock.advance(9_000)
    expect(jar.header(home)).toBe('aged=1; dated=2; forever=3')
    clock.advance(2_000)
    expect(jar.header(home)).toBe('dated=2; forever=3')
    clock.advance(10_000)
    expect(jar.header(home)).toBe('forever=3')
  })

  test.each(['a=; Max-Age=0', 'a=; Max-Age=-1', 'a=gone; Expires=Thu, 01 Jan 1970 00:00:00 GMT'])(
    'a server deletes its cookie with %s',
    (line) => {
      expect(jarWith('a=1', line).header(home)).toBeUndefined()
    },
  )

  test('keeps values as they are, quotes, equals signs and all', () => {
    expect(jarWith('a="x=y,z"; HttpOnly; SameSite=Lax').header(home)).toBe('a="x=y,z"')
  })

  test('ignores what is no cookie, and what would fill the memory', () => {
    const jar = jarWith('nonsense', '', `big=${'x'.repeat(5000)}`)
    jar.store(
      Array.from({ length: 1000 }, (_, index) => `c${index}=1`),
      home,
    )

    expect(jar.header(home)?.split('; ')).toHaveLength(50)
  })
})
