import type { AcsSession } from '../../harness/acs/acs.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import type { HttpFileServer, Served } from '../../harness/net/net.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { FIRMWARE, named, octetsOf } from './files.ts'

type Pixit = Profile['pixit']

/** The SoftwareVersion that the Inform of the session tells. */
export function versionIn(session: AcsSession, { profile }: TestBed): string | undefined {
  return session.parameters.get(`${profile.cwmp.root}DeviceInfo.SoftwareVersion`)?.Value
}

/** Another image than the one that runs, put on the server. */
export function offerOther(
  { cpe, session, web, pixit }: { cpe: TestBed; session: AcsSession; web: HttpFileServer; pixit: Pixit },
  script: (size: number) => Served = () => ({}),
): { readonly FileType: string; readonly URL: string; readonly FileSize: number; readonly version: string } {
  const images = named(pixit.files.firmware, 'firmware images')
  const [first, second] = images
  const image = first.version === versionIn(session, cpe) ? second : first
  const body = octetsOf(image)
  const URL = web.serve('/firmware', { body, ...script(body.length) })
  return { FileType: FIRMWARE, URL, FileSize: body.length, version: image.version }
}
