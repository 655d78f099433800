import { networkInterfaces } from 'node:os'

const ANY_IPV4 = '0.0.0.0'
const ANY_IPV6 = '::'

/** Whether to listen at an address is to listen at all of this machine's. */
export function isWildcard(address: string): boolean {
  return address === ANY_IPV4 || address === ANY_IPV6
}

/** An address that others can use: one of this machine's own where the host is a wildcard. */
export function reachableAddress(host: string): string {
  if (!isWildcard(host)) return host
  const family = host === ANY_IPV6 ? 'IPv6' : 'IPv4'
  const outside = addresses().find(
    (each) => !each.internal && each.family === family && !each.address.startsWith('fe80'),
  )
  return outside?.address ?? (family === 'IPv6' ? '::1' : '127.0.0.1')
}

/** Whether an address is one of this machine's. */
export function isOwnAddress(address: string): boolean {
  return addresses().some((each) => each.address === address)
}

function addresses() {
  return Object.values(networkInterfaces()).flatMap((each) => each ?? [])
}
