import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { conclude, type VerdictFile, writeReports } from './report.ts'
import { renderTerminal } from './terminal.ts'

// reports/sample/ shows people what a run leaves behind, and is this folder's snapshot: `vitest -u` writes the views anew.
const sample = fileURLToPath(new URL('../../reports/sample/', import.meta.url))
let verdict: VerdictFile
let folder: string

beforeAll(async () => {
  verdict = JSON.parse(await readFile(join(sample, 'verdict.json'), 'utf8'))
  folder = await mkdtemp(join(tmpdir(), 'sample-'))
  await cp(join(sample, 'transcripts'), join(folder, 'transcripts'), { recursive: true })
  await writeReports(verdict, folder)
})
afterAll(() => rm(folder, { recursive: true }))

test.each(['junit.xml', 'index.html'])('the sample’s %s is what its verdict.json gives', async (name) => {
  await expect(await readFile(join(folder, name), 'utf8')).toMatchFileSnapshot(join(sample, name))
})

test('the transcripts beside the sample’s page are what its transcripts give', async () => {
  const beside = await readdir(join(folder, 'page', 'transcripts'))

  expect(beside.length).toBeGreaterThan(0)
  expect((await readdir(join(sample, 'page', 'transcripts'))).toSorted()).toEqual(beside.toSorted())
  for (const name of beside)
    await expect(await readFile(join(folder, 'page', 'transcripts', name), 'utf8')).toMatchFileSnapshot(
      join(sample, 'page', 'transcripts', name),
    )
})

test('the sample’s conclusion is what its cases give', () => {
  expect(JSON.parse(JSON.stringify(conclude({ ...verdict, badPeers: [] })))).toEqual(verdict)
})

test('the failure block in docs/reading-a-report.md is what the terminal shows for the sample', async () => {
  const docs = await readFile(new URL('../../docs/reading-a-report.md', import.meta.url), 'utf8')

  const [first] = renderTerminal(verdict, { colour: false, folder: 'reports/latest' }).split('\n\n')

  expect(docs).toContain(`\`\`\`\n${first}\n\`\`\``)
})

test('every transcript that the sample points to is there, and the line at fault is in it', async () => {
  const places = verdict.cases.flatMap(({ transcript, failure }) => [
    ...(transcript === undefined ? [] : [{ file: transcript, line: 1 }]),
    ...(failure?.transcript ? [failure.transcript] : []),
  ])

  expect(places.length).toBeGreaterThan(5)
  for (const { file, line } of places) {
    const lines = (await readFile(join(sample, file), 'utf8')).split('\n')
    expect(lines[line - 1], `${file}:${line}`).toMatch(/\S/)
  }
})
