import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aCase, concluded, oneOfEach } from './fixture.ts'
import type { Verdict } from './verdict.ts'
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

/** A run with some transcripts in its folder. */
async function withTranscripts(...cases: readonly (readonly [id: string, verdict: Verdict, text: string])[]) {
  const verdict = concluded(
    cases.map(([id, verdict]) => aCase({ id, verdict, transcript: `transcripts/${id}.txt` })),
  )
  const reports = join(folder, 'reports')
  await mkdir(join(reports, 'transcripts'), { recursive: true })
  for (const [id, , text] of cases) await writeFile(join(reports, 'transcripts', `${id}.txt`), text)
  return { verdict, reports, page: () => readFile(join(reports, 'index.html'), 'utf8') }
}

test('the page carries the transcripts of red cases, and those of the others lie beside it', async () => {
  const { verdict, reports, page } = await withTranscripts(
    ['RPC-A-001', 'FAIL', 'what was wrong\n'],
    ['RPC-A-002', 'PASS', 'what was right\n</script>'],
  )

  await writeReports(verdict, reports)

  expect(await page()).toContain('{"lines":1,"parts":[[1,["what was wrong"]]]}')
  expect(await page()).not.toContain('what was right')
  expect(await page()).toContain('data-src="page/transcripts/RPC-A-002.txt.js"')
  const script = await readFile(join(reports, 'page/transcripts/RPC-A-002.txt.js'), 'utf8')
  const called: unknown[] = []
  new Function('cwmpTranscript', script)((...given: unknown[]) => called.push(given))
  expect(called).toEqual([
    ['transcripts/RPC-A-002.txt', { lines: 2, parts: [[1, ['what was right', '</script>']]] }],
  ])
  expect(script).not.toContain('</script>')
})

test('a page does not grow without bounds: what is too much lies beside it, red or not', async () => {
  const line = `${'x'.repeat(3_900)}\n`
  const { verdict, reports, page } = await withTranscripts(
    ['RPC-A-001', 'FAIL', line.repeat(700)],
    ['RPC-A-002', 'FAIL', line.repeat(700)],
    ['RPC-A-003', 'FAIL', 'short\n'],
  )

  await writeReports(verdict, reports)

  expect((await page()).length).toBeLessThan(5 << 20)
  expect(await readdir(join(reports, 'page', 'transcripts'))).toEqual(['RPC-A-002.txt.js'])
  expect(await page()).toContain('"short"')
})

test('nothing from outside of the folder comes into a report', async () => {
  const verdict = concluded([
    aCase({ id: 'RPC-A-002', transcript: 'transcripts/gone.txt' }),
    aCase({ id: 'RPC-A-003', transcript: '../outside.txt' }),
  ])
  const reports = join(folder, 'reports')
  await writeFile(join(folder, 'outside.txt'), 'elsewhere\n')

  await writeReports(verdict, reports)

  const page = await readFile(join(reports, 'index.html'), 'utf8')
  expect(page).toContain('transcripts/gone.txt</a> (was not there when this page was written)')
  expect(page).not.toContain('elsewhere')
  expect((await readdir(reports)).toSorted()).toEqual(['index.html', 'junit.xml', 'verdict.json'])
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
