import { type HttpResponse, headerValues, TransportError } from './http.ts'

/** Redirects in a row that are followed for one request (TR-069 3.4.6). */
export const MOST_REDIRECTS = 5

/**
 * Where a response sends the request instead: 302 and 307 with a usable Location, of which the scheme may be another (TR-069 3.4.6);
 * undefined for every other response. Throws TransportError for a Location that cannot be followed.
 */
export function redirectTarget(response: HttpResponse, from: URL): URL | undefined {
  if (response.status !== 302 && response.status !== 307) return undefined
  const [location] = headerValues(response, 'location')
  const target =
    location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (!target || !['http:', 'https:'].includes(target.protocol)) {
    throw new TransportError(`redirect ${response.status} without a usable Location`)
  }
  target.hash = ''
  target.username = ''
  target.password = ''
  return target
}
