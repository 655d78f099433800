import type { AgentParts } from '../../../reference-agent/agent.ts'
import { CookieJar } from '../../../reference-agent/transport/transport.ts'
import { alterExchange, alterHeaders } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

/** Changes the cookies of a request, each as name=value. */
function alterPairs(parts: AgentParts, alter: (pairs: string[]) => string[]): void {
  const { createCookieJar } = parts
  parts.createCookieJar = (clock) => {
    const jar = createCookieJar(clock)
    const { header } = jar
    jar.header = (url) => alter(header.call(jar, url)?.split('; ') ?? []).join('; ') || undefined
    return jar
  }
}

/** Changes the Set-Cookie lines of a response before they are taken in; `makeAlter` is called for each session. */
function alterLines(
  parts: AgentParts,
  makeAlter: () => (lines: readonly string[]) => readonly string[],
): void {
  const { createCookieJar } = parts
  parts.createCookieJar = (clock) => {
    const jar = createCookieJar(clock)
    const { store } = jar
    const alter = makeAlter()
    jar.store = (lines, url) => store.call(jar, alter(lines), url)
    return jar
  }
}

/** Changes each Set-Cookie line by itself; those that become undefined are lost. */
function alterEachLine(parts: AgentParts, alter: (line: string) => string | undefined): void {
  alterLines(parts, () => (lines) => lines.flatMap((line) => alter(line) ?? []))
}

/** Another rule where a cookie belongs; `properly` is the right one. */
function alterBelongs(
  parts: AgentParts,
  belongs: (properly: CookieJar['belongs'], ...asked: Parameters<CookieJar['belongs']>) => boolean,
): void {
  parts.createCookieJar = (clock) =>
    new (class extends CookieJar {
      override belongs(...asked: Parameters<CookieJar['belongs']>): boolean {
        return belongs((...args) => super.belongs(...args), ...asked)
      }
    })(clock)
}

const nameOf = (pair: string) => pair.split('=', 1)[0]?.trim() ?? ''

export const mutants: readonly Mutant[] = [
  {
    name: 'cookies-never-returned',
    cases: ['COOKIE-001', 'INT-COOKIE-001'],
    breaks: 'returns no cookies',
    apply: (parts) => alterPairs(parts, () => []),
  },
  {
    name: 'cookies-returned-once',
    cases: ['COOKIE-001'],
    breaks: 'returns each cookie once',
    apply: (parts) => {
      const returned = new Set<string>()
      alterPairs(parts, (pairs) => {
        const left = pairs.filter((pair) => !returned.has(pair))
        for (const pair of pairs) returned.add(pair)
        return left
      })
    },
  },
  {
    name: 'cookies-last-alone',
    cases: ['COOKIE-002'],
    breaks: 'keeps the last Set-Cookie line of a response only',
    apply: (parts) => alterLines(parts, () => (lines) => lines.slice(-1)),
  },
  {
    name: 'cookies-with-path-lost',
    cases: ['COOKIE-003', 'COOKIE-007'],
    breaks: 'loses cookies that have a Path',
    apply: (parts) => alterEachLine(parts, (line) => (/;\s*path\s*=/i.test(line) ? undefined : line)),
  },
  {
    name: 'cookies-for-every-path',
    cases: ['COOKIE-004'],
    language: 'http',
    breaks: 'pays no regard to the Path of a cookie',
    apply: (parts) =>
      alterBelongs(parts, (properly, cookie, url) => properly({ ...cookie, path: url.pathname }, url)),
  },
  {
    name: 'cookies-without-quotes',
    cases: ['COOKIE-005'],
    breaks: 'returns a quoted value without its quotes',
    apply: (parts) => alterPairs(parts, (pairs) => pairs.map((pair) => pair.replaceAll('"', ''))),
  },
  {
    name: 'cookies-with-attributes',
    cases: ['COOKIE-006', 'COOKIE-003'],
    breaks: 'returns the Path with a cookie',
    apply: (parts) => alterPairs(parts, (pairs) => pairs.map((pair) => `${pair}; Path=/`)),
  },
  {
    name: 'cookies-never-replaced',
    cases: ['COOKIE-007'],
    breaks: 'keeps the first value of a cookie',
    apply: (parts) =>
      alterLines(parts, () => {
        const known = new Set<string>()
        return (lines) => {
          const fresh = lines.filter((line) => !known.has(nameOf(line)))
          for (const line of lines) known.add(nameOf(line))
          return fresh
        }
      }),
  },
  {
    name: 'cookies-replaced-all-together',
    cases: ['COOKIE-007', 'COOKIE-008', 'COOKIE-019'],
    breaks: 'forgets all cookies when a response sets one',
    apply: (parts) => {
      parts.createCookieJar = (clock) => {
        let jar = new CookieJar(clock)
        const outer = new CookieJar(clock)
        outer.header = (url) => jar.header(url)
        outer.store = (lines, url) => {
          if (lines.length > 0) jar = new CookieJar(clock)
          jar.store(lines, url)
        }
        return outer
      }
    },
  },
  {
    name: 'cookies-ageless',
    cases: ['COOKIE-008'],
    breaks: 'pays no regard to Max-Age',
    apply: (parts) => alterEachLine(parts, (line) => line.replace(/;\s*max-age=[^;]*/i, '')),
  },
  {
    name: 'cookies-never-expire',
    cases: ['COOKIE-019'],
    breaks: 'pays no regard to Expires',
    apply: (parts) => alterEachLine(parts, (line) => line.replace(/;\s*expires=[^;]*/i, '')),
  },
  {
    name: 'cookies-of-256-octets',
    cases: ['COOKIE-009'],
    breaks: 'returns the first 256 octets of all cookies',
    apply: (parts) => alterPairs(parts, (pairs) => [pairs.join('; ').slice(0, 256)]),
  },
  {
    name: 'cookies-of-three',
    cases: ['COOKIE-009'],
    breaks: 'returns three cookies at most',
    apply: (parts) => alterPairs(parts, (pairs) => pairs.slice(0, 3)),
  },
  {
    name: 'cookies-kept-for-ever',
    cases: ['FUZZ-HTTP-001', 'COOKIE-010', 'INT-COOKIE-002'],
    language: 'http',
    breaks: 'keeps its cookies for the next session',
    apply: (parts) => {
      const { createCookieJar } = parts
      let jar: CookieJar | undefined
      parts.createCookieJar = (clock) => {
        jar ??= createCookieJar(clock)
        return jar
      }
    },
  },
  {
    name: 'cookies-of-one-connection',
    cases: ['COOKIE-011'],
    breaks: 'returns cookies on the connection alone on which it got them',
    apply: (parts) => {
      const { exchange } = parts
      parts.exchange = (request, connection) => {
        const headers =
          connection.generation > 1 ? request.headers.filter(([name]) => name !== 'Cookie') : request.headers
        return exchange({ ...request, headers }, connection)
      }
    },
  },
  {
    name: 'cookies-for-every-host',
    cases: ['COOKIE-012'],
    breaks: 'returns cookies to whatever host',
    apply: (parts) =>
      alterBelongs(parts, (properly, cookie, url) => properly({ ...cookie, domain: url.hostname }, url)),
  },
  {
    name: 'cookies-of-inform-response',
    cases: ['COOKIE-013', 'COOKIE-007'],
    breaks: 'takes in the cookies of the first response only',
    apply: (parts) =>
      alterLines(parts, () => {
        let responses = 0
        return (lines) => (responses++ === 0 ? lines : [])
      }),
  },
  {
    name: 'cookies-cut-at-equals',
    cases: ['COOKIE-014'],
    breaks: 'takes an equals sign for the end of the value',
    apply: (parts) =>
      alterPairs(parts, (pairs) => pairs.map((pair) => pair.split('=').slice(0, 2).join('='))),
  },
  {
    name: 'cookies-percent-decoded',
    cases: ['COOKIE-014'],
    breaks: 'resolves percent signs in a value',
    apply: (parts) => alterPairs(parts, (pairs) => pairs.map((pair) => pair.replaceAll('%41', 'A'))),
  },
  {
    name: 'cookies-empty-lost',
    cases: ['COOKIE-014'],
    breaks: 'loses a cookie with an empty value',
    apply: (parts) => alterPairs(parts, (pairs) => pairs.filter((pair) => !pair.endsWith('='))),
  },
  {
    name: 'cookies-of-challenge-lost',
    cases: ['COOKIE-015'],
    breaks: 'takes no cookies from a 401',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        const headers = { ...response.headers, 'set-cookie': undefined }
        return response.status === 401 ? { ...response, headers } : response
      }),
  },
  {
    name: 'cookies-with-odd-attributes-lost',
    cases: ['COOKIE-016'],
    breaks: 'loses cookies with an attribute that it does not know',
    apply: (parts) => alterEachLine(parts, (line) => (/samesite/i.test(line) ? undefined : line)),
  },
  {
    name: 'cookies-with-trailing-space',
    cases: ['COOKIE-016'],
    breaks: 'loses cookies with white space behind the value',
    apply: (parts) => alterEachLine(parts, (line) => (/^[^;]*\s;/.test(line) ? undefined : line)),
  },
  {
    name: 'cookies-lost-in-redirect',
    cases: ['COOKIE-017'],
    breaks: 'returns no cookies after a redirect',
    apply: (parts) => {
      let isRedirected = false
      const { redirectTarget } = parts
      parts.redirectTarget = (response, from) => {
        const target = redirectTarget(response, from)
        isRedirected ||= target !== undefined
        return target
      }
      alterPairs(parts, (pairs) => (isRedirected ? [] : pairs))
    },
  },
  {
    name: 'cookies-of-its-own',
    cases: ['COOKIE-018'],
    breaks: 'sends a cookie that nobody set',
    apply: (parts) => alterPairs(parts, (pairs) => [...pairs, 'visits=1']),
  },
  {
    name: 'cookies-line-by-line',
    cases: ['COOKIE-020'],
    breaks: 'sends a Cookie header for each cookie',
    apply: (parts) =>
      alterHeaders(parts, 'all', (headers) =>
        headers.flatMap(([name, value]): [string, string][] =>
          name === 'Cookie' ? value.split('; ').map((pair) => [name, pair]) : [[name, value]],
        ),
      ),
  },
]
