import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HarnessError } from '../failure.ts'
import { keepLastLog, keepLogOfFailed } from './device-log.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'device-log-'))
})
afterEach(() => rm(folder, { recursive: true }))

const device = (read: () => Promise<string>, can = true) => ({ supports: () => can, readLogs: read })
const booted = device(async () => 'booted\n')

/** A case that has ended. */
function ended(state: 'pass' | 'fail', projectName = 'rpc', id = 'RPC-GPV-001') {
  return { result: { state }, meta: { id }, file: { projectName } } as Parameters<typeof keepLogOfFailed>[1]
}

const run = () => ({ deviceLogs: true, outDir: folder })
const kept = (name: string) => readFile(join(folder, 'device-logs', name), 'utf8')

describe('after a case', () => {
  test('that failed, what the device has logged is kept, at a real peer under its name', async () => {
    await keepLogOfFailed(booted, ended('fail'), run())
    await keepLogOfFailed(booted, ended('fail', 'xmpp@prosody', 'XMPP-CR-001'), run())
    await keepLogOfFailed(booted, ended('fail', 'interop', 'INT-CR-001'), run())

    expect((await readdir(join(folder, 'device-logs'))).toSorted()).toEqual([
      'INT-CR-001.log',
      'RPC-GPV-001.log',
      'XMPP-CR-001@prosody.log',
    ])
    expect(await kept('RPC-GPV-001.log')).toBe('booted\n')
  })

  test('that passed, or where no logs are asked for, nothing is', async () => {
    await keepLogOfFailed(booted, ended('pass'), run())
    await keepLogOfFailed(booted, ended('fail'), { outDir: folder })
    await keepLastLog(booted, false, { outDir: folder })

    expect(await readdir(folder)).toEqual([])
  })
})

test('at the end, the device of the bench and the one that a real ACS managed leave a log each', async () => {
  await keepLastLog(booted, false, run())
  await keepLastLog(
    device(async () => 'enrolled\n'),
    true,
    run(),
  )

  expect(await kept(`end-${process.pid}.log`)).toBe('booted\n')
  expect(await kept(`end-managed-${process.pid}.log`)).toBe('enrolled\n')
})

test('says in its place why a log could not be read', async () => {
  const silent = device(async () => {
    throw new HarnessError('the adapter did not answer readLogs within 5 s')
  })

  await keepLogOfFailed(silent, ended('fail'), run())

  expect(await kept('RPC-GPV-001.log')).toBe(
    'the log could not be read: the adapter did not answer readLogs within 5 s\n',
  )
})

test('leaves nothing of a device whose log nobody can read', async () => {
  await keepLastLog(
    device(async () => 'never', false),
    false,
    run(),
  )

  expect(await readdir(folder)).toEqual([])
})
