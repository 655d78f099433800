import { type HttpResponse, headerValues, TransportError } from './http.ts'

/** Redirects in a row that are followed for one request (TR-069 3.4.6). */
export const MOST_REDIRECTS = 5

/**
 * Where a response sends the request instead: 302 and 307 with a usable Location (TR-069 3.4.6); undefined for every other response. Throws
 * TransportError for a Location that cannot be followed, one from https down to http among them.
 */
export function redirectTarget(response: HttpResponse, from: URL): URL | undefined {
  if (response.status !== 302 && response.status !== 307) return undefined
  const [location] = headerValues(response, 'location')
  const target =
    location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (!target || !['http:', 'https:'].includes(target.protocol)) {
    throw new TransportError(`redirect ${response.status} without a usable Location`)
  }
  if (from.protocol === 'https:' && target.protocol === 'http:') {
    throw new TransportError(`redirect from https to ${target.origin} refused`)
  }
  target.hash = ''
  target.username = ''
  target.password = ''
  return target
}
