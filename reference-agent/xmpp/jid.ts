/** Addresses of XMPP, and which of them may ask for a session. */
import { domainToASCII } from 'node:url'

export interface Jid {
  /** Prepared for comparison, as are the others: case does not count here. */
  local: string
  domain: string
  /** Empty for a bare JID. Case counts. */
  resource: string
}

/** Octets that each part may have (RFC 7622 3.2 to 3.4). */
const LONGEST_PART = 1023

/** The parts of an address; undefined when it is none. The first slash begins the resource, whatever stands in it (RFC 7622 3.1). */
export function parseJid(text: string): Jid | undefined {
  const slash = text.indexOf('/')
  const bare = slash < 0 ? text : text.slice(0, slash)
  const at = bare.indexOf('@')
  const local = preparedLocal(bare.slice(0, Math.max(at, 0)))
  const domain = preparedDomain(bare.slice(at + 1))
  const resource = slash < 0 ? '' : text.slice(slash + 1).normalize('NFC')
  const isWhole = domain !== '' && at !== 0 && slash !== text.length - 1
  const isSound = !/[\s"&'/:<>@]/.test(local) && !/[\s@/]/.test(domain)
  const isShort = [local, domain, resource].every((part) => Buffer.byteLength(part) <= LONGEST_PART)
  return isWhole && isSound && isShort ? { local, domain, resource } : undefined
}

/** Whether an address is one of a list, of which an entry without a resource stands for all of its resources (ConnReqAllowedJabberIDs). */
export function isListed(jid: Jid, entries: readonly string[]): boolean {
  return entries.map(parseJid).some((entry) => entry !== undefined && covers(entry, jid))
}

function covers(entry: Jid, { local, domain, resource }: Jid): boolean {
  return (
    entry.local === local && entry.domain === domain && (entry.resource === '' || entry.resource === resource)
  )
}

const FULLWIDTH = /[\u3000\uff01-\uffef]/g

/** Width and case do not tell two accounts apart (RFC 8265 3.3). */
function preparedLocal(local: string): string {
  return local
    .replace(FULLWIDTH, (character) => character.normalize('NFKC'))
    .toLowerCase()
    .normalize('NFC')
}

function preparedDomain(domain: string): string {
  const name = domain.replace(/\.$/, '').toLowerCase()
  return /^[\0-\x7f]*$/.test(name) ? name : domainToASCII(name)
}
