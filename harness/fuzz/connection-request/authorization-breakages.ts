import fc from 'fast-check'
import type { Breakage } from '../breakage/breakage.ts'
import type { CrMessage } from './message.ts'
import type { CrRule } from './rules.ts'

type CrBreakage = Breakage<CrMessage, CrRule>

const refused: CrRule = {
  effect: 'refused',
  clause: 'TR-069 3.2.2: the device authenticates the ACS by digest, and by nothing else',
}
/** The sender knows the password, but what he shows was made for something else: SHOULD. */
const strange: CrRule = {
  effect: 'strange',
  clause: 'RFC 7616 3.4.6: credentials are held against challenge and request',
}
const open: CrRule = { effect: 'open', clause: 'RFC 7616 3.4, RFC 9110 11.4: syntax of credentials' }
const proper: CrRule = { effect: 'proper', clause: 'RFC 9110 11.2: parameters have no order' }

/** One that has no pair of quotes to end, and no comma. */
const token = fc.string({ unit: fc.constantFrom(...'abcdefXYZ0189-_.~+/='), minLength: 1, maxLength: 40 })
const text = fc.string({
  unit: fc.integer({ min: 32, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
})

function parameter(
  name: string,
  breakage: string,
  rule: CrRule,
  samples: readonly string[],
  values?: fc.Arbitrary<string>,
): CrBreakage {
  return {
    element: name,
    breakage,
    rule,
    samples,
    ...(values && { values }),
    change: (message, value) => ({ ...message, digest: { ...message.digest, [name]: value } }),
  }
}

function without(name: string, rule: CrRule): CrBreakage {
  return {
    element: name,
    breakage: 'missing',
    rule,
    change: (message) => ({ ...message, digest: { ...message.digest, [name]: null } }),
  }
}

/** Changes the header field as it is written. */
function rewritten(breakage: string, rule: CrRule, change: CrMessage['authorization']): CrBreakage {
  return {
    element: 'Authorization',
    breakage,
    rule,
    change: (message) => ({ ...message, authorization: change }),
  }
}

/** Everything about the credentials of a request. */
export const authorizationBreakages: readonly CrBreakage[] = [
  parameter('username', 'another one', refused, ['', 'nobody', 'admin', '*', "' OR '1'='1", '\u00fc'], text),
  without('username', refused),
  {
    element: 'username',
    breakage: 'nearly the right one',
    rule: refused,
    samples: ['other letters', 'less', 'more', 'a space behind', 'a zero behind'],
    change: (message, how) => ({ ...message, username: (right) => nearly(right, how) }),
  },
  parameter('realm', 'another one', strange, ['', 'another realm', 'x'.repeat(5000)], text),
  without('realm', strange),
  parameter(
    'nonce',
    'another one',
    strange,
    ['', '0123456789abcdef0123456789abcdef', 'x'.repeat(5000)],
    text,
  ),
  without('nonce', strange),
  parameter(
    'uri',
    'another one',
    strange,
    ['', '/', '/made/for/another', '*', '/'.repeat(5000)],
    text.map((more) => `/not-${more}`),
  ),
  without('uri', strange),
  parameter(
    'qop',
    'another one',
    open,
    ['', 'AUTH', 'auth-int', 'auth,auth-int', 'nonsense', 'x'.repeat(5000)],
    token,
  ),
  parameter(
    'nc',
    'another one',
    open,
    ['', '0', '1', '00000000', 'ffffffff', '-0000001', 'zzzzzzzz', '1'.repeat(5000)],
    token,
  ),
  without('nc', open),
  parameter('cnonce', 'another one', open, ['', '0', '"', '\\', 'x'.repeat(33), 'x'.repeat(5000)], text),
  without('cnonce', open),
  parameter(
    'algorithm',
    'another one',
    open,
    ['md5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', '', 'nonsense'],
    token,
  ),
  without('algorithm', open),
  parameter('opaque', 'one that nobody gave out', open, ['', 'x', '"', 'x'.repeat(5000)], text),
  {
    ...parameter(
      'response',
      'another one',
      refused,
      ['', '0', '0'.repeat(32), '0'.repeat(64), '*', 'x'.repeat(5000)],
      token,
    ),
  },
  without('response', refused),
  rewritten('missing', refused, () => ''),
  {
    element: 'Authorization',
    breakage: 'that has been used before',
    rule: {
      effect: 'strange',
      clause: 'RFC 7616 3.4.5, RFC 2617 3.2.2: a nonce is not accepted twice with the same count',
    },
    change: (message) => ({ ...message, isRepeated: true }),
  },
  rewritten(
    'of scheme Basic',
    refused,
    (_, { username, password }) => `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
  ),
  {
    element: 'Authorization',
    breakage: 'of another scheme',
    rule: refused,
    samples: [
      'Bearer x',
      'Negotiate YII=',
      'NTLM TlRMTVNTUAABAAAA',
      'Digest',
      'Digest ',
      'Basic',
      'Basic Og==',
      '\u00fc',
      ',',
      '=',
      '"',
    ],
    values: text,
    change: (message, value) => ({ ...message, authorization: () => value }),
  },
  rewritten('of the scheme with other letters', open, (right) => right.replace('Digest', 'dIGEST')),
  rewritten('of a scheme that only begins so', refused, (right) => right.replace('Digest', 'DigestX')),
  {
    element: 'Authorization',
    breakage: 'cut',
    rule: refused,
    samples: ['80', '10', '50', '90'],
    values: fc.integer({ min: 0, max: 90 }).map(String),
    change: (message, part) => ({
      ...message,
      // The response stands last: nine tenths of the value have at most a part of it.
      authorization: (right) => right.slice(0, Math.floor((right.length * Number(part)) / 100)),
    }),
  },
  {
    element: 'Authorization',
    breakage: 'with a part of the response',
    rule: refused,
    samples: ['31', '1', '8', '16'],
    change: (message, digits) => ({
      ...message,
      authorization: (right) =>
        right.replace(/response="(\w+)"/, (_, all: string) => `response="${all.slice(0, Number(digits))}"`),
    }),
  },
  rewritten('with one digit of the response changed', refused, (right) =>
    right.replace(/(.)("?)$/, (_, digit: string, quote: string) => `${digit === '0' ? '1' : '0'}${quote}`),
  ),
  rewritten('with one digit more in the response', refused, (right) => right.replace(/("?)$/, '0$1')),
  rewritten('with the last quote missing', open, (right) => right.replace(/"$/, '')),
  rewritten('with capital letters in the response', open, (right) =>
    right.replace(/response="(\w+)"$/, (all) => all.toUpperCase().replace('RESPONSE', 'response')),
  ),
  rewritten('with the parameters in reverse', proper, (right) => {
    const [scheme = '', ...parameters] = right.split(/(?<=^Digest) |, /)
    return `${scheme} ${parameters.reverse().join(', ')}`
  }),
  rewritten('without spaces between the parameters', proper, (right) => right.replaceAll(', ', ',')),
  rewritten('with more space between the parameters', proper, (right) => right.replaceAll(', ', '  ,\t ')),
  {
    element: 'Authorization',
    breakage: 'with another parameter',
    rule: { effect: 'proper', clause: 'RFC 7616 3.4: unknown parameters are ignored' },
    samples: ['x=1', 'x="1"', 'x="a, b=c"', 'userhash=false', 'domain="/"'],
    change: (message, more) => ({
      ...message,
      authorization: (right) => right.replace('Digest ', `Digest ${more}, `),
    }),
  },
  {
    element: 'Authorization',
    breakage: 'with a parameter again',
    rule: open,
    samples: [
      'username="nobody"',
      'response="0"',
      'nonce=""',
      'realm=x',
      'algorithm=SHA-256',
      'nc=00000009',
      'stale=true',
    ],
    values: fc.tuple(token, text).map(([name, value]) => `${name}="${value}"`),
    change: (message, more) => ({ ...message, authorization: (right) => `${right}, ${more}` }),
  },
  rewritten('without quotes', open, (right) => right.replaceAll('"', '')),
  rewritten('with single quotes', open, (right) => right.replaceAll('"', "'")),
  {
    element: 'Authorization',
    breakage: 'with very many parameters',
    rule: { ...open, maySilent: true },
    samples: ['100', '2000'],
    change: (message, count) => ({
      ...message,
      authorization: (right) =>
        right.replace(
          'Digest ',
          `Digest ${Array.from({ length: Number(count) }, (_, at) => `x${at}=1, `).join('')}`,
        ),
    }),
  },
  {
    element: 'Authorization',
    breakage: 'in other lines',
    rule: open,
    samples: ['twice', 'wrong first', 'wrong last', 'folded'],
    change: (message, how) => ({ ...message, authorizationLines: (value) => otherLines(value, how) }),
  },
  {
    element: 'Authorization',
    breakage: 'under another name',
    rule: refused,
    samples: ['Proxy-Authorization', 'X-Authorization', 'Authorisation', 'Authorization2', 'Cookie'],
    change: (message, name) => ({ ...message, authorizationLines: (value) => [`${name}: ${value}`] }),
  },
  {
    element: 'Authorization',
    breakage: 'with its name in other letters',
    rule: {
      effect: 'proper',
      clause: 'RFC 9110 5.1: names of header fields are read in letters of any case',
    },
    samples: ['authorization', 'AUTHORIZATION', 'aUTHORIZATION'],
    change: (message, name) => ({
      ...message,
      authorizationLines: (value) => (value === '' ? [] : [`${name}:  ${value} \t`]),
    }),
  },
]

function otherLines(value: string, how: string): readonly string[] {
  const right = `Authorization: ${value}`
  const wrong = 'Authorization: Digest username="nobody", response="0"'
  if (how === 'twice') return [right, right]
  if (how === 'wrong first') return [wrong, right]
  if (how === 'wrong last') return [right, wrong]
  return [right.replaceAll(', ', ',\r\n ')]
}

function nearly(name: string, how: string): string {
  if (how === 'less') return name.slice(0, -1)
  if (how === 'more') return `${name}x`
  if (how === 'a space behind') return `${name} `
  if (how === 'a zero behind') return `${name}\0`
  const swapped = name.toUpperCase() === name ? name.toLowerCase() : name.toUpperCase()
  return swapped === name ? `not ${name}` : swapped
}
