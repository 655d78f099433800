import { expect } from '../../harness/conformance.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import type { HttpFileServer } from '../../harness/net/net.ts'
import { type Bench, test } from './bench.ts'
import { ifNamed, octetsOf } from './files.ts'
import { download, succeeded } from './transfers.ts'

/** Files of types that are neither firmware nor configuration (TR-069 A.3.2.8). */

type Sound = NonNullable<Profile['pixit']['files']['tone']>

/** Has the device download the sound and holds it to have fetched it as a whole and to report success. */
async function fetches(
  { web, ...bench }: Bench & { readonly web: HttpFileServer },
  FileType: string,
  sound: Sound,
) {
  const body = octetsOf(sound)
  const URL = web.serve('/sound', { body })

  succeeded(await download(bench, { FileType, URL, FileSize: body.length }))

  const fetched = await web.next('a GET of the file', { timeoutMs: 1, signal: bench.signal })
  expect(await fetched.answered, 'the file was fetched as a whole').toBe(true)
}

test('TRF-DL-017 downloads a 4 Tone File', {
  meta: { id: 'TRF-DL-017' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const tone = ifNamed(pixit.files.tone, 'tone file', { skip, task })

  await fetches({ cpe, session, signal, web }, '4 Tone File', tone)
})

test('TRF-DL-018 downloads a 5 Ringer File', {
  meta: { id: 'TRF-DL-018' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const ringer = ifNamed(pixit.files.ringer, 'ringer file', { skip, task })

  await fetches({ cpe, session, signal, web }, '5 Ringer File', ringer)
})
