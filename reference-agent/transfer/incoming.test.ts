import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MemoryStore } from '../state/memory-store.ts'
import { FileTransferError } from './failure.ts'
import type { FileClient, FileSink } from './file-client.ts'
import { Incoming } from './incoming.ts'
import { type TransferRecord, TransferRecords } from './record.ts'
import { afterDelay } from './schedule.ts'

let directory: string
let records: TransferRecords
let incoming: Incoming
let isVerified: boolean

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-incoming-'))
  isVerified = true
  records = new TransferRecords(new MemoryStore())
  records.add(
    {
      method: 'Download',
      isDownload: true,
      commandKey: '',
      fileType: '1 Firmware Upgrade Image',
      url: 'http://files/',
      username: '',
      password: '',
      fileSize: 0,
      targetFileName: '',
      announceUrl: '',
      windows: afterDelay(0),
    },
    0,
  )
  incoming = new Incoming({
    records,
    directory,
    maximumFileSize: 100,
    check: (_record, path) => {
      if (readFileSync(path, 'utf8') !== 'content') throw new FileTransferError('corrupted', 'no content')
    },
    isVerified: () => isVerified,
  })
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

const record = () => records.all[0] as TransferRecord
const never = new AbortController().signal

/** A client that hands this to the sink, and then ends so. */
function client(...visits: ((sink: FileSink) => void)[]): FileClient {
  return { fetch: async (_file, sink) => visits.shift()?.(sink), store: async () => {} }
}

const cut = (sink: FileSink) => {
  sink.begin?.(0, '"v1"')
  sink.write(Buffer.from('cont'))
  throw new FileTransferError('interrupted', 'cut')
}
const rest = (text: string) => (sink: FileSink) => {
  expect(sink.resumption).toEqual({ from: 4, validator: '"v1"' })
  sink.begin?.(4, '"v1"')
  sink.write(Buffer.from(text))
}
const whole = (sink: FileSink) => {
  expect(sink.resumption).toBeUndefined()
  sink.begin?.(0, '"v2"')
  sink.write(Buffer.from('content'))
}
const fetch = (...visits: ((sink: FileSink) => void)[]) => incoming.fetch(record(), client(...visits), never)

test('goes on with what an interrupted attempt has brought', async () => {
  await expect(fetch(cut)).rejects.toThrow('cut')
  incoming.tidy()

  const path = await fetch(rest('ent'))

  expect(readFileSync(path, 'utf8')).toBe('content')
  expect(record()).toMatchObject({ size: 7 })
})

test('begins anew once where the parts do not fit', async () => {
  await expect(fetch(cut)).rejects.toThrow('cut')

  const path = await fetch(rest('ENT'), whole)

  expect(readFileSync(path, 'utf8')).toBe('content')
})

test('begins anew with a file that does not tell whether it is whole', async () => {
  isVerified = false
  await expect(fetch(cut)).rejects.toThrow('cut')
  incoming.tidy()
  expect(readdirSync(directory)).toEqual([])

  await fetch(whole)

  expect(record().validator).toBeUndefined()
})

test('keeps nothing of a file that cannot be used', async () => {
  const wrong = (sink: FileSink) => {
    sink.begin?.(0, '"v1"')
    sink.write(Buffer.from('CONTENT'))
  }

  await expect(fetch(wrong)).rejects.toMatchObject({ kind: 'corrupted' })

  expect(readdirSync(directory)).toEqual([])
})

test('tidies up what belongs to nothing', () => {
  writeFileSync(join(directory, '7.part'), 'x')
  mkdirSync(join(directory, 'strange'))

  incoming.tidy()

  expect(readdirSync(directory)).toEqual([])
  rmSync(directory, { recursive: true })
  incoming.tidy()
})
