import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AcsStack, prepareAcsStack, startAcsStack } from '../../../containers/containers.ts'
import { GenieAcs, ScriptedAcs } from '../../acs/acs.ts'
import { Transcript } from '../../cwmp/transcript.ts'
import { CertificateAuthority } from '../../net/net.ts'
import { xmppDomain } from '../peers.ts'
import { seenOfAcs } from './acs-exchanges.ts'
import { genieSubject, scriptedSubject } from './acs-subjects.ts'
import { readDifferences, type Seen, undeclared } from './comparison.ts'

const absent: string | undefined = await prepareAcsStack().then(
  () => undefined,
  (error: Error) => error.message,
)
const table = readDifferences(new URL('acs-differences.json', import.meta.url))

async function seenOfScripted(
  options: Partial<Parameters<typeof ScriptedAcs.listen>[0]> = {},
): Promise<Seen> {
  const acs = await ScriptedAcs.listen({ transcript: new Transcript(), holdMs: 0, ...options })
  try {
    return await seenOfAcs(scriptedSubject(acs))
  } finally {
    await acs.close()
  }
}

describe.skipIf(absent !== undefined)(
  `the scripted ACS beside GenieACS${absent ? ` (${absent})` : ''}`,
  { timeout: 180_000 },
  () => {
    let folder: string
    let stack: AcsStack | undefined
    let real: Seen

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'cwmp-acs-comparison-'))
      const authority = await CertificateAuthority.create()
      stack = await startAcsStack({
        xmpp: { domain: xmppDomain, certificate: await authority.issue({ names: [xmppDomain] }) },
        authority: authority.cert,
        publicHost: '127.0.0.1',
        logFolder: folder,
      })
      const genie = new GenieAcs(stack.origins.nbi)
      real = await seenOfAcs(genieSubject(stack, genie))
      await genie.close()
    }, 180_000)
    afterAll(async () => {
      await stack?.stop()
      await rm(folder, { recursive: true, force: true })
    })

    test('shows a device what that shows it, but for the differences in a table', async () => {
      expect(undeclared(await seenOfScripted(), real, table)).toEqual([])
    })

    test.each<[string, Parameters<typeof seenOfScripted>[0], RegExp]>([
      ['says nothing of XML', { xmlDeclaration: false }, /besides: an Inform, body: /],
      [
        'speaks another version',
        { cwmpVersion: '1.0' },
        /besides: an Inform, Envelope\/Body\/InformResponse: /,
      ],
    ])('would be told from it if it %s', async (_what, options, complaint) => {
      const complaints = undeclared(await seenOfScripted(options), real, table)

      expect(complaints).toContainEqual(expect.stringMatching(complaint))
    })
  },
)
