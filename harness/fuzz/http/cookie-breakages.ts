import fc from 'fast-check'
import type { Breakage } from '../breakage/breakage.ts'
import type { AnswerMessage, CookieRule } from './answer.ts'
import type { AnswerRule } from './rules.ts'

type AnswerBreakage = Breakage<AnswerMessage, AnswerRule>

/** Cookies are set in the middle of a session: that is where another request follows. */
const inSession = ['answer to a response', 'answer to an empty POST', 'answer to an Inform']

const clause = 'TR-069 3.4.2, RFC 6265 5: cookies of a session'
const read: AnswerRule = { effect: 'read', clause }
const advised: AnswerRule = { effect: 'read', clause, level: 'SHOULD' }
const unclear: AnswerRule = { effect: 'open', clause, isHeavy: true }

/** Lines that set cookies, by a name, and what has to become of them. */
interface Sample extends CookieRule {
  readonly lines: readonly string[]
}

function returned(line: string, ...pairs: string[]): Sample {
  return { lines: [`Set-Cookie: ${line}`], returned: pairs.length > 0 ? pairs : ['fuzz=1'], keptBack: [] }
}

function keptBack(...lines: string[]): Sample {
  return { lines: lines.map((line) => `Set-Cookie: ${line}`), returned: [], keptBack: ['fuzz'] }
}

const mustReturn: Readonly<Record<string, Sample>> = {
  plain: returned('fuzz=1'),
  'for the root': returned('fuzz=1; Path=/'),
  'for a time': returned('fuzz=1; Max-Age=600'),
  'with flags': returned('fuzz=1; HttpOnly; SameSite=Strict'),
  'with unknown attributes': returned('fuzz=1; Version=1; Nonsense; a=b=c; "'),
  'with an empty value': returned('fuzz=', 'fuzz='),
  'with any characters': returned("fuzz=!#$%&'()*+-./:<=>?@[]^_`{|}~", "fuzz=!#$%&'()*+-./:<=>?@[]^_`{|}~"),
  'with a name of any characters': returned("fu!#$%&'*+-.^_`|~zz=1", "fu!#$%&'*+-.^_`|~zz=1"),
  'with spaces around': returned('  fuzz  =  1  ;  Path  =  /  '),
  'under a name in other letters': { lines: ['SET-COOKIE: fuzz=1'], returned: ['fuzz=1'], keptBack: [] },
  'two of them': {
    lines: ['Set-Cookie: fuzz=1', 'Set-Cookie: zzuf=2'],
    returned: ['fuzz=1', 'zzuf=2'],
    keptBack: [],
  },
  'ten of them': {
    lines: Array.from({ length: 10 }, (_, at) => `Set-Cookie: fuzz${at}=${at}`),
    returned: Array.from({ length: 10 }, (_, at) => `fuzz${at}=${at}`),
    keptBack: [],
  },
  'set again': { lines: ['Set-Cookie: fuzz=0', 'Set-Cookie: fuzz=1'], returned: ['fuzz=1'], keptBack: [] },
}

const shouldReturn: Readonly<Record<string, Sample>> = {
  'in quotes': returned('fuzz="a b"', 'fuzz="a b"'),
  'until a day to come': returned('fuzz=1; Expires=Fri, 31 Dec 2099 23:59:59 GMT'),
  'with odd attributes': returned('fuzz=1; Max-Age=soon; Expires=never; Path=relative; Domain='),
}

const mustKeepBack: Readonly<Record<string, Sample>> = {
  'set and taken away': keptBack('fuzz=1', 'fuzz=1; Max-Age=0'),
}

const shouldKeepBack: Readonly<Record<string, Sample>> = {
  'for another path': keptBack('fuzz=1; Path=/nowhere/here'),
  'for another domain': keptBack('fuzz=1; Domain=example.org'),
  'of an age below zero': keptBack('fuzz=1; Max-Age=-1'),
  'until a day gone by': keptBack('fuzz=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT'),
  'for secure connections': keptBack('fuzz=1; Secure'),
}

const anyhow: readonly string[] = [
  '',
  '=',
  '=1',
  'fuzz',
  ';;;;',
  '; Path=/',
  'fuzz=\0',
  'fuzz=\x07',
  'fuzz=\u00fc',
  'fuzz=a\tb',
  'fuzz=a,b=c',
  'fuzz=1, zzuf=2',
  '$Version=1; fuzz=1',
  'fuzz=1; Domain=127.0.0.1',
  'fuzz=1; Domain=.',
  'fuzz=1; Domain=.com',
  'fuzz=1; Max-Age=99999999999999999999',
  'fuzz=1; Expires=Wed, 30 Feb 2099 25:61:61 GMT',
  'fuzz=1; Expires=Wednesday, 01-Jan-99 00:00:00 GMT',
  'fuzz=1; Path=//;Path=;Path=/nowhere',
  '__Host-fuzz=1',
  '__proto__=1',
  'constructor=1; toString=2',
  `fuzz=${'x'.repeat(512)}`,
  `fuzz=${'x'.repeat(4096)}`,
  `fuzz=${'x'.repeat(60_000)}`,
  `${'x'.repeat(5000)}=1`,
  `fuzz=1${'; a=b'.repeat(5000)}`,
]

const octetText = fc.string({
  unit: fc
    .integer({ min: 0, max: 255 })
    .filter((code) => code !== 10 && code !== 13)
    .map((code) => String.fromCharCode(code)),
  maxLength: 60,
})

function cookies(
  breakage: string,
  rule: AnswerRule,
  samples: Readonly<Record<string, Sample>>,
): AnswerBreakage {
  return {
    element: 'cookies',
    breakage,
    rule,
    samples: Object.keys(samples),
    only: inSession,
    change: (message, name) => {
      const sample = samples[name]
      if (!sample) throw new Error(`there is no cookie ${JSON.stringify(name)}`)
      return withCookies(message, sample)
    },
  }
}

function withCookies(message: AnswerMessage, { lines, ...rule }: Sample): AnswerMessage {
  return { ...message, cookies: rule, lines: (acs) => [...message.lines(acs), ...lines] }
}

/** Cookies, and what is to become of them. */
export const cookieBreakages: readonly AnswerBreakage[] = [
  cookies('that have to be returned', read, mustReturn),
  cookies('that should be returned', advised, shouldReturn),
  cookies('that must not be returned', read, mustKeepBack),
  cookies('that should not be returned', advised, shouldKeepBack),
  {
    element: 'cookies',
    breakage: 'for the path of the ACS',
    rule: read,
    only: inSession,
    change: (message) => ({
      ...message,
      cookies: { returned: ['fuzz=1'], keptBack: [] },
      lines: (acs) => [...message.lines(acs), `Set-Cookie: fuzz=1; Path=${acs.pathname}`],
    }),
  },
  {
    element: 'cookies',
    breakage: 'of any kind',
    rule: unclear,
    samples: anyhow,
    values: octetText,
    only: inSession,
    change: (message, line) =>
      withCookies(message, { lines: [`Set-Cookie: ${line}`], returned: [], keptBack: [] }),
  },
  {
    element: 'cookies',
    breakage: 'very many',
    rule: unclear,
    samples: ['60', '500', '10000'],
    only: inSession,
    change: (message, count) =>
      withCookies(message, {
        lines: Array.from({ length: Number(count) }, (_, at) => `Set-Cookie: fuzz${at}=${'x'.repeat(50)}`),
        returned: [],
        keptBack: [],
      }),
  },
]
