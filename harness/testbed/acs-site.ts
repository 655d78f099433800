import { join } from 'node:path'
import type { AcsStack } from '../../containers/containers.ts'
import { GenieAcs } from '../acs/acs.ts'
import type { Profile } from '../dut/dut.ts'
import { Untestable } from '../failure.ts'
import { CertificateAuthority } from '../net/net.ts'
import { xmppDomain } from '../peers/peers.ts'
import { programme } from './acs-programme.ts'

/** A real ACS with what it needs, for as long as a worker lives. */
export interface AcsSite {
  readonly stack: AcsStack
  readonly genie: GenieAcs
  /** Vouches for the XMPP server; devices have to trust it. */
  readonly authority: CertificateAuthority
  close(): Promise<void>
}

/**
 * Starts GenieACS, MongoDB and Prosody in containers, their logs in the report folder, and has the ACS enrol whatever device comes.
 * @throws Untestable with the reason when they cannot be had on this machine
 */
export async function startAcsSite(profile: Profile, outDir: string): Promise<AcsSite> {
  // Read only when it is needed: most runs have no container.
  const { PeerUnavailable, startAcsStack } = await import('../../containers/containers.ts')
  const { pixit } = profile
  const authority = await CertificateAuthority.create()
  let stack: AcsStack
  try {
    stack = await startAcsStack({
      xmpp: { domain: xmppDomain, certificate: await authority.issue({ names: [xmppDomain] }) },
      authority: authority.cert,
      publicHost: pixit.acs.publicHost ?? pixit.acs.host,
      logFolder: join(outDir, 'containers'),
    })
  } catch (error) {
    throw error instanceof PeerUnavailable ? new Untestable(error.message) : error
  }
  const genie = new GenieAcs(stack.origins.nbi)
  const site: AcsSite = {
    stack,
    genie,
    authority,
    async close() {
      await genie.close()
      await stack.stop()
    },
  }
  try {
    // Else it sends nothing that it knows the device to refuse, and faults would be its own.
    await stack.configure('cwmp.skipWritableCheck', 'true')
    // What it has set it would forget as soon as it reads the device's password, which is hidden.
    const { connectionRequestUsername: name, connectionRequestPassword: password } = pixit.credentials
    await stack.configure(
      'cwmp.connectionRequestAuth',
      `AUTH(${JSON.stringify(name)}, ${JSON.stringify(password)})`,
    )
    await programme(genie, profile)
    return site
  } catch (error) {
    await site.close()
    throw error
  }
}
