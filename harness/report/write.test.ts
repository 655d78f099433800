import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
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

test('replaces the reports of the run before', async () => {
  await writeFile(join(folder, 'verdict.json'), 'old')

  await writeReports(concluded([aCase()]), folder)

  expect(await readFile(join(folder, 'verdict.json'), 'utf8')).toMatch(/^\{/)
})

test('a folder that cannot be made is an error that says so', async () => {
  await writeFile(join(folder, 'file'), '')

  await expect(writeReports(concluded([]), join(folder, 'file', 'below'))).rejects.toThrow('ENOTDIR')
})
