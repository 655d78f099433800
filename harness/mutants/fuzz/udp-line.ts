import { isFault } from '../../cwmp/cwmp.ts'
import { HarnessError } from '../../failure.ts'
import type { UdpLine } from '../../fuzz/connection-request/connection-request-fuzz.ts'
import { honest, StunServer } from '../../net/net.ts'
import type { Restore } from '../../testbed/session-retries.ts'
import type { TestBed } from '../../testbed/testbed.ts'

/** Has the device take connection requests by UDP, and finds out where. */
export async function udpLine({
  cpe,
  restore,
  signal,
}: {
  readonly cpe: TestBed
  readonly restore: Restore
  readonly signal: AbortSignal
}): Promise<UdpLine> {
  const { host, publicHost } = cpe.profile.pixit.acs
  const server = await StunServer.listen({ host, transcript: cpe.transcript })
  restore(() => server.close())
  server.behaviour = honest
  const at = (name: string, Value: string, type: string) => ({
    Name: `${cpe.profile.cwmp.root}ManagementServer.${name}`,
    Value,
    type: `xsd:${type}`,
  })
  const session = await cpe.openSession(signal)
  const answer = await session.call('SetParameterValues', {
    ParameterList: [
      at('STUNServerAddress', publicHost ?? host, 'string'),
      at('STUNServerPort', String(server.port), 'unsignedInt'),
      at('STUNMinimumKeepAlivePeriod', '1', 'unsignedInt'),
      at('STUNMaximumKeepAlivePeriod', '3', 'int'),
      at('STUNEnable', '1', 'boolean'),
    ],
    ParameterKey: 'stun',
  })
  if (isFault(answer)) throw new HarnessError(`STUN was refused with ${answer.faultCode}`)
  await session.end()
  const { from } = await server.next({
    timeoutMs: cpe.profile.pixit.timing.informSeconds * 1000,
    where: (request) => request.isOfConnectionRequests && !request.isRepeated,
    signal,
  })
  return { server, to: from }
}
