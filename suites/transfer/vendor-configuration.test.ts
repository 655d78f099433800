import type { AcsSession } from '../../harness/acs/acs.ts'
import { expect, granted } from '../../harness/conformance.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import type { HttpFileServer } from '../../harness/net/net.ts'
import { aString, keepValues, setValues, valueAt } from '../rpc/values.ts'
import { test } from './bench.ts'
import { named, octetsOf } from './files.ts'
import { download, failed, succeeded, upload } from './transfers.ts'

/** Vendor configuration files, both ways (TR-069 A.3.2.8, A.4.1.5; TP-181 5.1.6). */

function offerConfiguration(web: HttpFileServer, { files }: Profile['pixit']) {
  const entry = named(files.vendorConfiguration, 'vendor configuration file')
  const body = octetsOf(entry)
  const URL = web.serve('/configuration', { body })
  return {
    path: entry.path,
    value: entry.value,
    file: { FileType: entry.fileType, URL, FileSize: body.length },
  }
}

async function set(session: AcsSession, path: string, value: string): Promise<void> {
  granted(await setValues(session, [aString(path, value)]))
}

test('TRF-CFG-001 applies a configuration file that it downloaded', {
  meta: { id: 'TRF-CFG-001' },
}, async ({ cpe, session, signal, restore, web, pixit }) => {
  const { path, value, file } = offerConfiguration(web, pixit)
  await keepValues({ cpe, session, restore }, path)
  await set(session, path, 'before')

  succeeded(await download({ cpe, session, signal }, file))

  expect(await valueAt(await cpe.openSession(signal), path), path).toBe(value)
})

test('TRF-CFG-002 does not tell 0 BOOTSTRAP after the download of a configuration file', {
  meta: { id: 'TRF-CFG-002' },
}, async ({ cpe, session, signal, restore, web, pixit }) => {
  const { path, file } = offerConfiguration(web, pixit)
  await keepValues({ cpe, session, restore }, path)
  const mark = cpe.messages.mark()

  succeeded(await download({ cpe, session, signal }, file))

  const informs = cpe.messages.since(mark).filter(({ isInform }) => isInform)
  const isFirstContact = informs.filter(({ body }) => body.includes('0 BOOTSTRAP'))
  expect(isFirstContact.map(({ description }) => description)).toEqual([])
})

test('TRF-CFG-003 refuses a configuration file that it cannot read, and changes nothing', {
  meta: { id: 'TRF-CFG-003' },
}, async ({ cpe, session, signal, restore, web, pixit }) => {
  const { path, file } = offerConfiguration(web, pixit)
  const body = octetsOf(named(pixit.files.corruptVendorConfiguration, 'damaged configuration file'))
  await keepValues({ cpe, session, restore }, path)
  await set(session, path, 'before')
  const URL = web.serve('/damaged', { body })

  failed(await download({ cpe, session, signal }, { ...file, URL, FileSize: body.length }))

  expect(await valueAt(await cpe.openSession(signal), path), path).toBe('before')
})

test('TRF-CFG-004 takes back a configuration that it uploaded before', {
  meta: { id: 'TRF-CFG-004' },
}, async ({ cpe, session, signal, restore, web, pixit }) => {
  const { path, file } = offerConfiguration(web, pixit)
  const FileType = named(pixit.files.uploads.configuration, 'configuration to upload')
  await keepValues({ cpe, session, restore }, path)
  await set(session, path, 'saved')
  succeeded(await upload({ cpe, session, signal }, { FileType, URL: web.serve('/backup', {}) }))
  const { body } = await web.next('an upload', {
    timeoutMs: 1,
    where: ({ body: { length } }) => length > 0,
    signal,
  })
  const changing = await cpe.openSession(signal)
  await set(changing, path, 'changed')

  const back = { ...file, URL: web.serve('/restore', { body }), FileSize: body.length }
  succeeded(await download({ cpe, session: changing, signal }, back))

  expect(await valueAt(await cpe.openSession(signal), path), path).toBe('saved')
})
