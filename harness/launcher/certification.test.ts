import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { loadProfile } from '../dut/dut.ts'
import { aCase, concluded } from '../report/fixture.ts'
import { type RunResult, writeReports } from '../report/report.ts'
import { seal } from './certification.ts'

let folder: string
let said: string[]
let complaints: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seal-'))
  said = []
  complaints = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line))
  vi.spyOn(console, 'error').mockImplementation((line: string) => void complaints.push(line))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

/** A run that has ended; `change` is what has become of the suite meanwhile. */
async function ended(change: string | undefined, run: Partial<RunResult> = {}): Promise<boolean> {
  const verdict = concluded([aCase()], run)
  await writeReports(verdict, folder)
  const profile = await loadProfile()
  const certification = { commit: 'abc', key: undefined }
  return seal({ folder, verdict, profile, requirements: new Map(), certification }, async ({ commit }) =>
    commit === 'abc' ? change : 'another commit',
  )
}

const isSealed = async () => (await readdir(folder)).includes('SHA256SUMS')

test('a run of a suite that is as it was is sealed', async () => {
  expect(await ended(undefined)).toBe(true)

  expect(await isSealed()).toBe(true)
  expect(said).toContain(`bundle: ${folder}, not signed`)
  expect(complaints).toEqual([])
})

test('one of a suite that has changed meanwhile is not, and one line says why', async () => {
  expect(await ended('--certify: the suite changed: suites/a.test.ts')).toBe(false)

  expect(await isSealed()).toBe(false)
  expect(complaints).toEqual(['--certify: the suite changed: suites/a.test.ts'])
})

test('an interrupted one is not, and that is no error of its own', async () => {
  expect(await ended(undefined, { interrupted: true })).toBe(true)

  expect(await isSealed()).toBe(false)
  expect(said).toEqual([`${folder} is not sealed: the run was interrupted`])
})

test('one for whose seal there is no room is not, in one line', async () => {
  await mkdir(join(folder, 'SHA256SUMS'))

  expect(await ended(undefined)).toBe(false)
  expect(complaints).toEqual([expect.stringContaining(`${folder}: the report could not be written: EISDIR`)])
})
