import type { AcsSession } from '../acs/acs.ts'
import { isFault, type ParameterValueStruct } from '../cwmp/cwmp.ts'
import type { Profile, Provisioning } from '../dut/dut.ts'
import type { CertificateAuthority } from '../net/net.ts'

/** Interval of periodic Informs where the device cannot be called: short, but not so short that sessions overlap. */
const periodicSeconds = 5

/** What points a device at an ACS, with the credentials of the profile; it is made to trust the authority if it knows TLS at all. */
export function provisioningOf(
  { ics, pixit: { credentials } }: Profile,
  acsUrl: string,
  authority: CertificateAuthority,
): Provisioning {
  return {
    acsUrl,
    username: credentials.acsUsername,
    password: credentials.acsPassword,
    connectionRequestUsername: credentials.connectionRequestUsername,
    connectionRequestPassword: credentials.connectionRequestPassword,
    ...(ics.SecureCwmp && { trustedCa: authority.cert }),
  }
}

/**
 * Sets in a device's first session what the bench needs to call it again: connection request credentials, and periodic Informs quiet or,
 * `byPeriod`, short. A refused setting is noted, not judged: a case of its own examines SetParameterValues.
 */
export async function configure(
  session: Pick<AcsSession, 'call'>,
  { cwmp, pixit: { credentials } }: Profile,
  byPeriod: boolean,
  note: (line: string) => void,
): Promise<void> {
  const set = async (values: Readonly<Record<string, readonly [value: string, type: string]>>) => {
    const ParameterList = Object.entries(values).map(
      ([name, [Value, type]]): ParameterValueStruct => ({
        Name: `${cwmp.root}ManagementServer.${name}`,
        Value,
        type,
      }),
    )
    const answer = await session.call('SetParameterValues', { ParameterList, ParameterKey: 'enrolled' })
    if (isFault(answer)) note(`enrolment: SetParameterValues was refused with ${answer.faultCode}`)
  }
  await set({
    ConnectionRequestUsername: [credentials.connectionRequestUsername, 'xsd:string'],
    ConnectionRequestPassword: [credentials.connectionRequestPassword, 'xsd:string'],
  })
  await set({
    PeriodicInformEnable: [byPeriod ? '1' : '0', 'xsd:boolean'],
    ...(byPeriod && { PeriodicInformInterval: [String(periodicSeconds), 'xsd:unsignedInt'] }),
  })
}
