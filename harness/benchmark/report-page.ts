import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { Untestable } from '../failure.ts'
import { largeRun } from '../report/large-fixture.ts'
import { writeReports } from '../report/report.ts'
import type { Measurement } from './cli.ts'
import { median } from './median.ts'

const CASES = 2_000
/** Octets of all transcripts together. */
const TRANSCRIPTS = 50 * 1024 * 1024
const ROUNDS = 5

/**
 * How long Chromium takes to load a report of 2,000 cases with 50 MB of transcripts, against a bare page of as many octets that
 * has only the cases' titles as a list; and how long until a filter of it has been applied.
 */
export async function measureReportPage(progress: (line: string) => void): Promise<Measurement[]> {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  if (!existsSync(executablePath)) throw new Untestable(`there is no Chromium at ${executablePath}`)
  const folder = await mkdtemp(join(tmpdir(), 'report-page-'))
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    await writeLargeReport(folder, progress)
    const loads: number[] = []
    const bareLoads: number[] = []
    const filters: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const [load, filter] = await timeOf(browser, join(folder, 'index.html'), true)
      const [bare] = await timeOf(browser, join(folder, 'bare.html'), false)
      progress(
        `report-page: ${Math.round(load)} ms, a filter ${Math.round(filter)} ms, bare ${Math.round(bare)} ms`,
      )
      loads.push(load)
      filters.push(filter)
      bareLoads.push(bare)
    }
    const bare = median(bareLoads)
    const of = (name: string, ours: number): Measurement => ({
      name,
      unit: 'ms',
      ours,
      bare,
      ratio: ours / bare,
    })
    return [of('report-page', median(loads)), of('report-filter', median(filters))]
  } finally {
    await browser.close()
    await rm(folder, { recursive: true })
  }
}

async function writeLargeReport(folder: string, progress: (line: string) => void): Promise<void> {
  const verdict = largeRun(CASES)
  await mkdir(join(folder, 'transcripts'))
  const block = (at: number) =>
    `#${at}  ${at}.0 ms  connection 1  cpe→acs  no body\nPOST /acs HTTP/1.1\nHost: x\n\n`
  const blocks = Array.from({ length: 400 }, (_, at) => block(at + 1)).join('')
  const transcript = blocks.repeat(Math.ceil(TRANSCRIPTS / CASES / blocks.length))
  for (const { transcript: file } of verdict.cases) if (file) await writeFile(join(folder, file), transcript)
  const { files } = await writeReports(verdict, folder)
  const size = (await stat(files.find((file) => file.endsWith('.html')) ?? '')).size
  const rows = verdict.cases
    .map(({ id, title }) => `<li>${id} ${title.replaceAll('<', '&lt;')}</li>`)
    .join('\n')
  const filler = `<!--${' '.repeat(Math.max(0, size - rows.length))}-->`
  await writeFile(join(folder, 'bare.html'), `<!doctype html><title>bare</title><ul>${rows}</ul>${filler}`)
  progress(
    `report-page: ${(size / 1e6).toFixed(1)} MB of page, ${(TRANSCRIPTS / 1e6).toFixed(0)} MB of transcripts`,
  )
}

/** Milliseconds from the call to the first frame after the load, and from a filter to the first frame with it. */
async function timeOf(
  browser: Browser,
  file: string,
  filters: boolean,
): Promise<[load: number, filter: number]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  try {
    page.setDefaultTimeout(120_000)
    const frame = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))'
    const began = performance.now()
    await page.goto(pathToFileURL(file).href)
    await page.evaluate(frame)
    const loaded = performance.now() - began
    if (!filters) return [loaded, 0]
    const filtering = performance.now()
    await page.locator('input[name=text]').fill('9002 unknown')
    await page.evaluate(frame)
    return [loaded, performance.now() - filtering]
  } finally {
    await page.close()
  }
}
