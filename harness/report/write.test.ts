import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aCase, concluded, oneOfEach } from './fixture.ts'
import { writeReports } from './write.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('verdict.json holds the verdict as it was concluded', async () => {
  const verdict = concluded(oneOfEach())

  await writeReports(verdict, folder)

  expect(JSON.parse(await readFile(join(folder, 'verdict.json'), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(verdict)),
  )
})

test('makes the folder, names what it wrote and leaves nothing else', async () => {
  const deep = join(folder, 'a', 'b')

  const { files } = await writeReports(concluded([aCase()]), deep)

  expect(files.toSorted()).toEqual((await readdir(deep)).map((name) => join(deep, name)).toSorted())
})

test('the page carries the transcripts that are there, from inside the folder only', async () => {
  const verdict = concluded([
    aCase({ id: 'RPC-A-001', transcript: 'transcripts/a.txt' }),
    aCase({ id: 'RPC-A-002', transcript: 'transcripts/gone.txt' }),
    aCase({ id: 'RPC-A-003', transcript: '../outside.txt' }),
  ])
  const reports = join(folder, 'reports')
  await mkdir(join(reports, 'transcripts'), { recursive: true })
  await writeFile(join(reports, 'transcripts', 'a.txt'), 'inside\n')
  await writeFile(join(folder, 'outside.txt'), 'elsewhere\n')

  await writeReports(verdict, reports)

  const page = await readFile(join(reports, 'index.html'), 'utf8')
  expect(page).toContain('{"lines":1,"parts":[[1,["inside"]]]}')
  expect(page).toContain('transcripts/gone.txt</a> (not carried in this page)')
  expect(page).not.toContain('elsewhere')
})

test('replaces the reports of the run before', async () => {
  await writeFile(join(folder, 'verdict.json'), 'old')

  await writeReports(concluded([aCase()]), folder)

  expect(await readFile(join(folder, 'verdict.json'), 'utf8')).toMatch(/^\{/)
})

test('a folder that cannot be made is an error that says so', async () => {
  await writeFile(join(folder, 'file'), '')

  await expect(writeReports(concluded([]), join(folder, 'file', 'below'))).rejects.toThrow('ENOTDIR')
})
