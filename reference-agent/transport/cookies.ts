/** Cookies of one session (RFC 6265, TR-069 3.4.2). */
import type { Clock } from '../platform/platform.ts'

interface Cookie {
  name: string
  value: string
  domain: string
  hostOnly: boolean
  path: string
  secure: boolean
  /** Device time in milliseconds; Infinity for the whole session. */
  expires: number
  created: number
}

/** Bounds on what a hostile server can make us keep and send. */
const MOST_COOKIES = 50
const LONGEST_COOKIE = 4096

/** No field can carry them, but for the tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that are looked for
const CONTROL_CHARACTERS = /[\0-\x08\x0a-\x1f\x7f]/

export class CookieJar {
  readonly #clock: Clock
  #cookies: Cookie[] = []
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The value of the Cookie field for a request, if any cookie goes there (RFC 6265 5.4). */
  header(url: URL): string | undefined {
    if (this.#cookies.length === 0) return undefined
    const now = this.#clock.now()
    this.#cookies = this.#cookies.filter(({ expires }) => expires > now)
    const fitting = this.#cookies.filter((cookie) => this.belongs(cookie, url))
    fitting.sort((a, b) => b.path.length - a.path.length || a.created - b.created)
    return (
      fitting.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ') || undefined
    )
  }

  /** Takes in the Set-Cookie lines of a response from that URL (RFC 6265 5.2, 5.3); what is malformed, foreign or could not be sent back is ignored. */
  store(lines: readonly string[], url: URL): void {
    for (const line of lines) {
      const cookie = line.length <= LONGEST_COOKIE ? this.#parse(line, url) : undefined
      if (cookie) this.#put(cookie)
    }
  }

  /** Whether a cookie is sent to a URL: host, path and Secure. */
  belongs(cookie: { domain: string; hostOnly: boolean; path: string; secure: boolean }, url: URL): boolean {
    const host = url.hostname
    const hostFits = cookie.hostOnly ? host === cookie.domain : domainMatches(host, cookie.domain)
    return hostFits && pathMatches(url.pathname, cookie.path) && (!cookie.secure || url.protocol === 'https:')
  }

  #put(cookie: Cookie): void {
    const same = this.#cookies.findIndex(
      ({ name, domain, path }) => name === cookie.name && domain === cookie.domain && path === cookie.path,
    )
    const [old] = same < 0 ? [] : this.#cookies.splice(same, 1)
    if (cookie.expires <= this.#clock.now()) return
    this.#cookies.push(old ? { ...cookie, created: old.created } : cookie)
    if (this.#cookies.length > MOST_COOKIES) this.#cookies.shift()
  }

  #parse(line: string, url: URL): Cookie | undefined {
    const [pair = '', ...attributes] = line.split(';')
    const equals = pair.indexOf('=')
    if (equals < 0) return undefined
    const name = pair.slice(0, equals).trim()
    const value = pair.slice(equals + 1).trim()
    if (CONTROL_CHARACTERS.test(pair)) return undefined
    const secureOrigin = url.protocol === 'https:'
    const cookie: Cookie = {
      name,
      value,
      domain: url.hostname,
      hostOnly: true,
      path: defaultPath(url),
      secure: false,
      expires: Number.POSITIVE_INFINITY,
      created: this.#count++,
    }
    let maxAge: number | undefined
    for (const attribute of attributes) {
      const [key = '', ...rest] = attribute.split('=')
      const text = rest.join('=').trim()
      switch (key.trim().toLowerCase()) {
        case 'expires':
          cookie.expires = Number.isNaN(Date.parse(text)) ? cookie.expires : Date.parse(text)
          break
        case 'max-age':
          if (/^-?\d+$/.test(text)) maxAge = Number(text)
          break
        case 'domain': {
          const domain = text.replace(/^\./, '').toLowerCase()
          if (domain === '') break
          if (!acceptableDomain(domain, url.hostname)) return undefined
          cookie.domain = domain
          cookie.hostOnly = isAddress(domain)
          break
        }
        case 'path':
          cookie.path = text.startsWith('/') ? text : defaultPath(url)
          break
        case 'secure':
          cookie.secure = true
          break
      }
    }
    if (cookie.secure && !secureOrigin) return undefined
    // Max-Age has precedence over Expires, wherever it stands.
    if (maxAge !== undefined)
      cookie.expires = maxAge <= 0 ? Number.NEGATIVE_INFINITY : this.#clock.now() + maxAge * 1000
    return cookie
  }
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d+(\.\d+){3}$/.test(host)
}

/** A server may set cookies for its own domain and those above it, but not for a whole top-level domain. */
function acceptableDomain(domain: string, host: string): boolean {
  return domain === host || (domainMatches(host, domain) && domain.includes('.'))
}

function domainMatches(host: string, domain: string): boolean {
  return host === domain || (!isAddress(host) && host.endsWith(`.${domain}`))
}

function pathMatches(path: string, cookiePath: string): boolean {
  if (path === cookiePath) return true
  return path.startsWith(cookiePath) && (cookiePath.endsWith('/') || path[cookiePath.length] === '/')
}

function defaultPath({ pathname }: URL): string {
  const end = pathname.lastIndexOf('/')
  return end <= 0 ? '/' : pathname.slice(0, end)
}
