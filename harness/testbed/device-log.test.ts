import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HarnessError } from '../failure.ts'
import { keepDeviceLog } from './device-log.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'device-log-'))
})
afterEach(() => rm(folder, { recursive: true }))

const device = (read: () => Promise<string>, can = true) => ({ supports: () => can, readLogs: read })

test('keeps what the device has logged', async () => {
  await keepDeviceLog(
    device(async () => 'booted\n'),
    folder,
    'RPC-GPV-001',
  )

  expect(await readFile(join(folder, 'device-logs', 'RPC-GPV-001.log'), 'utf8')).toBe('booted\n')
})

test('says in its place why a log could not be read', async () => {
  await keepDeviceLog(
    device(async () => {
      throw new HarnessError('the adapter did not answer readLogs within 5 s')
    }),
    folder,
    'end-1',
  )

  expect(await readFile(join(folder, 'device-logs', 'end-1.log'), 'utf8')).toBe(
    'the log could not be read: the adapter did not answer readLogs within 5 s\n',
  )
})

test('leaves nothing of a device whose log nobody can read', async () => {
  await keepDeviceLog(
    device(async () => 'never', false),
    folder,
    'end-1',
  )

  expect(await readdir(folder)).toEqual([])
})
