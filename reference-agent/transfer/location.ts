/** Where a file comes from or goes to. */
import { CwmpFault } from '../soap/soap.ts'

const PROTOCOLS = ['http:', 'https:', 'ftp:']
const UNPRINTABLE = /[^\x21-\x7e]/

/** Whether a path can be told to a file server without breaking its line. */
function isDecodable(path: string): boolean {
  try {
    return !/[\r\n\0]/.test(decodeURIComponent(path))
  } catch {
    return false
  }
}

/** A URL as the ACS may give it. Throws CwmpFault 9003 for one that is none or holds credentials, 9013 for a protocol that is not spoken here. */
export function parseLocation(text: string): URL {
  if (UNPRINTABLE.test(text) || !URL.canParse(text)) throw new CwmpFault(9003, 'URL is no URL')
  const url = new URL(text)
  if (!PROTOCOLS.includes(url.protocol)) throw new CwmpFault(9013, `URL begins with ${url.protocol}`)
  if (!/^[a-z]+:\/\//i.test(text)) throw new CwmpFault(9003, 'URL is no URL')
  if (url.username !== '' || url.password !== '') throw new CwmpFault(9003, 'URL holds credentials')
  if (!isDecodable(url.pathname)) throw new CwmpFault(9003, 'URL is no URL')
  return url
}
