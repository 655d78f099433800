import { expect } from '../../harness/conformance.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import type { FtpFile, FtpFileServer } from '../../harness/net/net.ts'
import { ftpServer, test } from './bench.ts'
import { named, type OfferedFile, ordinaryFile } from './files.ts'
import { download, failed, succeeded, upload } from './transfers.ts'

/** Transfers over FTP, where the device can do that (TR-069 A.3.2.8, A.4.1.5). */

const account = { username: 'file-user', password: 'file-secret' }
const credentials = { Username: account.username, Password: account.password }

function offer(ftp: FtpFileServer, pixit: Profile['pixit'], script: FtpFile = {}): OfferedFile {
  const { fileType: FileType, octets } = ordinaryFile(pixit)
  return { FileType, URL: ftp.serve('/folder/file', { body: octets, ...script }), FileSize: octets.length }
}

test('TRF-FTP-001 downloads a file over FTP with the credentials of the request', {
  meta: { id: 'TRF-FTP-001' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const ftp = await ftpServer(cpe, restore, account)

  succeeded(await download({ cpe, session, signal }, { ...offer(ftp, pixit), ...credentials }))

  const transfer = await ftp.next('a RETR of the file', { timeoutMs: 1, signal })
  expect([transfer.path, await transfer.ended]).toEqual(['/folder/file', true])
})

test('TRF-FTP-002 downloads a file over FTP as anonymous when it has no credentials', {
  meta: { id: 'TRF-FTP-002' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const ftp = await ftpServer(cpe, restore)

  succeeded(await download({ cpe, session, signal }, offer(ftp, pixit)))
})

test('TRF-FTP-003 reports that a download over FTP failed when the file is not there', {
  meta: { id: 'TRF-FTP-003' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const ftp = await ftpServer(cpe, restore)
  const file = { ...offer(ftp, pixit), URL: ftp.url('/nothing') }

  failed(await download({ cpe, session, signal }, file))
})

test('TRF-FTP-004 reports a file that the FTP server has not as 9016', {
  meta: { id: 'TRF-FTP-004' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const ftp = await ftpServer(cpe, restore)
  const file = { ...offer(ftp, pixit), URL: ftp.url('/nothing') }

  failed(await download({ cpe, session, signal }, file), 9016, 9010)
})

test('TRF-FTP-005 reports that a download over FTP failed when the login is refused', {
  meta: { id: 'TRF-FTP-005' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const ftp = await ftpServer(cpe, restore, account)
  const file = { ...offer(ftp, pixit), ...credentials, Password: 'wrong' }

  failed(await download({ cpe, session, signal }, file))
})

test('TRF-FTP-006 reports a login that the FTP server refuses as 9012', {
  meta: { id: 'TRF-FTP-006' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const ftp = await ftpServer(cpe, restore, account)
  const file = { ...offer(ftp, pixit), ...credentials, Password: 'wrong' }

  failed(await download({ cpe, session, signal }, file), 9012)
})

test('TRF-FTP-007 reports that a download over FTP failed when it is cut in the middle', {
  meta: { id: 'TRF-FTP-007' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const ftp = await ftpServer(cpe, restore)
  const { FileSize } = offer(ftp, pixit)
  const file = offer(ftp, pixit, { cutAfter: Math.floor(FileSize / 2) })

  failed(await download({ cpe, session, signal }, file))
})

test('TRF-FTP-008 reports a download over FTP that is cut in the middle as 9017', {
  meta: { id: 'TRF-FTP-008' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const ftp = await ftpServer(cpe, restore)
  const { FileSize } = offer(ftp, pixit)
  const file = offer(ftp, pixit, { cutAfter: Math.floor(FileSize / 2) })

  failed(await download({ cpe, session, signal }, file), 9017, 9010)
})

test('TRF-FTP-009 uploads its configuration over FTP', {
  meta: { id: 'TRF-FTP-009' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const ftp = await ftpServer(cpe, restore, account)
  const FileType = named(pixit.files.uploads.configuration, 'configuration to upload')

  succeeded(await upload({ cpe, session, signal }, { FileType, URL: ftp.url('/up'), ...credentials }))

  const stored = await ftp.next('a STOR', {
    timeoutMs: 1,
    signal,
    where: ({ command }) => command === 'STOR',
  })
  expect([stored.path, await stored.ended]).toEqual(['/up', true])
  expect(stored.body.length, 'octets of the upload').toBeGreaterThan(0)
})

test('TRF-FTP-010 reports that an upload failed when the FTP server refuses it', {
  meta: { id: 'TRF-FTP-010' },
}, async ({ cpe, session, signal, restore, pixit }) => {
  const ftp = await ftpServer(cpe, restore, account)
  const FileType = named(pixit.files.uploads.configuration, 'configuration to upload')
  const URL = ftp.serve('/up', { refuse: '553 not for you' })

  failed(await upload({ cpe, session, signal }, { FileType, URL, ...credentials }))
})
