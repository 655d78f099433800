import { expect } from '../../harness/conformance.ts'
import { CertificateAuthority, HttpFileServer, yearsFromNow } from '../../harness/net/net.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { type Restore, test } from './bench.ts'
import { named, offer } from './files.ts'
import { download, failed, succeeded, upload } from './transfers.ts'

/** File servers over TLS, whose certificates are checked as that of the ACS is (TR-069 3.3, A.3.2.8). */

type Tls = { readonly key: string; readonly cert: string }

async function secureServer(cpe: TestBed, restore: Restore, tls: Tls): Promise<HttpFileServer> {
  const { host, port, publicHost } = cpe.profile.pixit.fileServer
  const note = (line: string) => void cpe.transcript.note(line)
  const server = await HttpFileServer.listen({ host, port, publicHost, note, tls })
  restore(() => server.close())
  return server
}

function hostOf({ profile }: TestBed): string {
  const { host, publicHost } = profile.pixit.fileServer
  return publicHost ?? host
}

test('TRF-TLS-001 downloads a file over HTTPS', {
  meta: { id: 'TRF-TLS-001' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const tls = await cpe.authority.issue({ names: [hostOf(cpe)] })
  const web = await secureServer(cpe, restore, tls)

  succeeded(await download({ cpe, session, signal }, offer(web, pixit)))

  const fetched = await web.next('a GET of the file', { timeoutMs: 1, signal })
  expect(await fetched.answered, 'the file was fetched as a whole').toBe(true)
})

test('TRF-TLS-002 uploads a file over HTTPS', {
  meta: { id: 'TRF-TLS-002' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const tls = await cpe.authority.issue({ names: [hostOf(cpe)] })
  const web = await secureServer(cpe, restore, tls)
  const FileType = named(pixit.files.uploads.configuration, 'configuration to upload')

  succeeded(await upload({ cpe, session, signal }, { FileType, URL: web.serve('/up', {}) }))

  const { body } = await web.next('an upload', { timeoutMs: 1, signal })
  expect(body.length, 'octets of the upload').toBeGreaterThan(0)
})

test('TRF-TLS-003 takes no file from a server whose certificate is of an authority that it does not know', {
  meta: { id: 'TRF-TLS-003' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const stranger = await CertificateAuthority.create()
  const web = await secureServer(cpe, restore, await stranger.issue({ names: [hostOf(cpe)] }))

  failed(await download({ cpe, session, signal }, offer(web, pixit)))

  expect(web.log.all, 'requests to the server').toEqual([])
})

test('TRF-TLS-004 takes no file from a server whose certificate is for another name', {
  meta: { id: 'TRF-TLS-004' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const web = await secureServer(cpe, restore, await cpe.authority.issue({ names: ['files.example'] }))

  failed(await download({ cpe, session, signal }, offer(web, pixit)))

  expect(web.log.all, 'requests to the server').toEqual([])
})

test('TRF-TLS-005 takes no file from a server whose certificate has expired', {
  meta: { id: 'TRF-TLS-005' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const times = { notBefore: yearsFromNow(-2), notAfter: yearsFromNow(-1) }
  const web = await secureServer(cpe, restore, await cpe.authority.issue({ names: [hostOf(cpe)], ...times }))

  failed(await download({ cpe, session, signal }, offer(web, pixit)))

  expect(web.log.all, 'requests to the server').toEqual([])
})
