/** One HTTP round trip as the layers of the transport hand it to each other. */

/** Field lines in the order and spelling in which they are sent. */
export type HeaderLines = readonly (readonly [name: string, value: string])[]

export interface HttpRequest {
  url: URL
  method: 'POST'
  headers: HeaderLines
  /** Empty for the empty POST. */
  body: Buffer
}

export interface HttpResponse {
  status: number
  /** By name in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Buffer
}

/** Every value of a response field, line by line; an absent field has none. */
export function headerValues(response: HttpResponse, name: string): string[] {
  const value = response.headers[name]
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

/** The ACS could not be reached, did not answer in time, or answered with what is no HTTP response: the session is unsuccessful (TR-069 3.7.1.4). */
export class TransportError extends Error {
  override readonly name = 'TransportError'
}
