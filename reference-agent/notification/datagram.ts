import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'

/** Sends one UDP datagram to an IP address and port. Rejects when the machine cannot send it; whether it arrives nobody knows. */
export function sendDatagram(octets: Uint8Array, address: string, port: number): Promise<void> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  return new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.send(octets, port, address, (error) => (error ? reject(error) : resolve()))
  }).finally(() => socket.close())
}
