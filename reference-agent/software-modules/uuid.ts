/** Names of deployment units that are the same everywhere (RFC 4122, version 5). */
import { createHash } from 'node:crypto'

/** The name space of domain names. */
const DOMAIN_NAMES = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'

const FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether a text has the form of a UUID. */
export function isUuid(text: string): boolean {
  return FORM.test(text)
}

/** The UUID of a unit that was not given one: a name in the name space of its vendor, which is a domain. */
export function uuidOfUnit(vendor: string, name: string): string {
  return nameBased(nameBased(DOMAIN_NAMES, vendor.toLowerCase()), name)
}

function nameBased(space: string, name: string): string {
  const digest = createHash('sha1')
    .update(Buffer.from(space.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6)
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8)
  const digits = digest.toString('hex', 0, 16)
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
