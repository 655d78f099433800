import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { concluded, oneOfEach } from './fixture.ts'
import { ReportError, readReport } from './read.ts'
import { writeReports } from './write.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('reads what was written, by the folder or by the file', async () => {
  await writeReports(concluded(oneOfEach()), folder)

  const { cases } = await readReport(folder)

  expect(cases).toHaveLength(8)
  expect(await readReport(join(folder, 'verdict.json'))).toEqual(await readReport(folder))
})

test('reads the sample', async () => {
  const sample = fileURLToPath(new URL('../../reports/sample/', import.meta.url))

  expect((await readReport(sample)).cases.length).toBeGreaterThan(5)
})

test.each([
  ['nowhere', undefined, 'nowhere: expected the folder of a report, got no such file or folder'],
  ['', undefined, "verdict.json: expected a report's verdict.json, got no such file"],
  ['', '{', "expected a report's verdict.json, got no JSON"],
  ['', '[]', 'verdict.json is no report of this suite: the whole: '],
  ['', '{"format":2}', 'verdict.json is no report of this suite: format: '],
  ['file.txt', 'words', 'got no JSON'],
])('%j with %j is refused in one line', async (path, content, expected) => {
  const target = path === '' ? 'verdict.json' : path
  if (content !== undefined) await writeFile(join(folder, target), content)

  const refused = readReport(join(folder, path))

  await expect(refused).rejects.toThrow(ReportError)
  await expect(refused).rejects.toThrow(expected)
  await expect(refused).rejects.not.toThrow('\n')
})

test('a verdict that is none is refused with its place', async () => {
  const verdict = concluded(oneOfEach())
  const cases = verdict.cases.map((subject, at) => (at === 2 ? { ...subject, verdict: 'GREEN' } : subject))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'verdict.json'), JSON.stringify({ ...verdict, cases }))

  await expect(readReport(folder)).rejects.toThrow('cases.2.verdict')
})
