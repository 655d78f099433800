import { describe, expect, test } from 'vitest'
import { isListed, parseJid } from './jid.ts'

function isAllowed(from: string, list: readonly string[]): boolean {
  const jid = parseJid(from)
  return jid !== undefined && isListed(jid, list)
}

describe('ConnReqAllowedJabberIDs', () => {
  const list = ['ACS1@tr069.example.com', 'ACS2@tr069.example.com/resource1']

  test.each([
    ['ACS1@tr069.example.com/resource1', true],
    ['ACS1@tr069.example.com/resource2', true],
    ['ACS1@tr069.example.com', true],
    ['ACS2@tr069.example.com/resource1', true],
    ['ACS2@tr069.example.com/resource2', false],
    ['ACS2@tr069.example.com', false],
    ['ACS@tr069.example.com/resource', false],
    // Case counts in the resource only.
    ['acs1@TR069.example.COM/x', true],
    ['acs2@tr069.example.com/Resource1', false],
    // Neither the beginning nor the end of an address is the address.
    ['ACS1@tr069.example.com.attacker.example/x', false],
    ['xACS1@tr069.example.com', false],
    ['ACS2@tr069.example.com/resource10', false],
    ['ACS2@tr069.example.com/resource1/x', false],
    ['tr069.example.com/ACS1@tr069.example.com', false],
    ['attacker@evil.example/ACS1@tr069.example.com', false],
    ['ACS1@tr069.example.com@evil.example', false],
    // Letters that only look alike: Cyrillic a, Cyrillic es.
    ['\u0430cs1@tr069.example.com', false],
    ['acs1@tr069.example.\u0441om', false],
  ])('of the examples: %s %j', (from, expected) => {
    expect(isAllowed(from, list)).toBe(expected)
  })

  test('width and form of the same letter do not count, neither does the notation of a domain', () => {
    expect(isAllowed('\uff41\uff43\uff53@a.example', ['acs@a.example'])).toBe(true)
    expect(isAllowed('a\u030a@a.example', ['\u00c5@a.example'])).toBe(true)
    expect(isAllowed('acs@b\u00fccher.example', ['acs@xn--bcher-kva.example'])).toBe(true)
    expect(isAllowed('acs@a.example.', ['acs@a.example'])).toBe(true)
  })

  test('a domain stands for itself, not for its accounts', () => {
    expect(isAllowed('a.example/x', ['a.example'])).toBe(true)
    expect(isAllowed('acs@a.example', ['a.example'])).toBe(false)
  })

  test('what is no address matches nothing', () => {
    const broken = [
      '',
      '@',
      '@a.example',
      'acs@',
      'acs@a.example/',
      'a b@a.example',
      'a@b@c',
      `${'x'.repeat(1024)}@a`,
    ]
    for (const each of broken) {
      expect(parseJid(each)).toBeUndefined()
      expect(isAllowed('acs@a.example', [each])).toBe(false)
    }
  })
})
