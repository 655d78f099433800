import { BreakageLanguage } from '../breakage/breakage.ts'
import { authorizationBreakages } from './authorization-breakages.ts'
import { type CrMessage, plainRequest } from './message.ts'
import { requestBreakages } from './request-breakages.ts'
import type { CrRule } from './rules.ts'
import { udpBreakages } from './udp-breakages.ts'
import { properUdp, type UdpMessage } from './udp-message.ts'
import type { UdpRule } from './udp-rules.ts'

/** The fuzzers of connection requests. The public face of this folder. */
export { ConnectionRequestArena } from './arena.ts'
export { UdpArena, type UdpLine } from './udp-arena.ts'

/** Connection requests over HTTP (TR-069 3.2.2) of whoever knows the password, of whoever does not, and of whoever shows nothing. */
export function connectionRequests(): BreakageLanguage<CrMessage, CrRule> {
  const classes = {
    'connection request': { ...plainRequest, credentials: 'right' },
    'wrong password': { ...plainRequest, credentials: 'wrong' },
    'no credentials': plainRequest,
  } as const
  return new BreakageLanguage('connection-request', classes, [...authorizationBreakages, ...requestBreakages])
}

/** Connection requests by UDP (TR-069 Annex G) of whoever knows the password, and of whoever does not. */
export function udpConnectionRequests(): BreakageLanguage<UdpMessage, UdpRule> {
  const classes = {
    'UDP connection request': properUdp,
    'UDP wrong password': { ...properUdp, password: 'wrong' },
  } as const
  return new BreakageLanguage('udp', classes, udpBreakages)
}
