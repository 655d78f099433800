import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ATTACK, LARGE_RUN_FAILED, LARGE_RUN_TRANSCRIPT, largeRun } from '../large-fixture.ts'
import { compareRuns, writeReports } from '../report.ts'

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const present = existsSync(executablePath)

if (process.env.CI === 'true' && !present) {
  test('CI has a Chromium to look at reports with', () => {
    expect.fail(`no Chromium at ${executablePath}; CHROMIUM_PATH names another`)
  })
}

describe.runIf(present)(
  present
    ? 'a report of 300 cases in Chromium'
    : `a report in Chromium (no ${executablePath}; set CHROMIUM_PATH)`,
  () => {
    let folder: string
    let address: string
    let browser: Browser
    let failedId: string
    let page: Page
    let complaints: string[] = []

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'report-'))
      await mkdir(join(folder, 'transcripts'))
      const run = largeRun(300)
      const before = {
        ...run,
        cases: run.cases.map((one, at) => (at === 0 ? { ...one, verdict: 'PASS' as const } : one)),
      }
      const verdict = { ...run, comparison: compareRuns(before, run) }
      failedId = LARGE_RUN_FAILED
      for (const { id, transcript } of verdict.cases) {
        if (transcript === undefined) continue
        await writeFile(join(folder, transcript), id === failedId ? LARGE_RUN_TRANSCRIPT : `${id}\nline 2\n`)
      }
      await writeReports(verdict, folder)
      address = pathToFileURL(join(folder, 'index.html')).href
      browser = await chromium.launch({
        executablePath,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      })
      page = await newPage({ viewport: { width: 1280, height: 900 } })
    })
    afterAll(async () => {
      await browser?.close()
      await rm(folder, { recursive: true })
    })
    beforeEach(() => {
      complaints = []
    })
    afterEach(() => {
      expect(complaints).toEqual([])
    })

    /** A window that takes note of everything the page logs, breaks or asks the network for. */
    async function newPage(options: BrowserContextOptions): Promise<Page> {
      const page = await browser.newPage(options)
      page.setDefaultTimeout(10_000)
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('request', (request) => {
        const url = request.url().split('#')[0] ?? ''
        const isBeside = url.startsWith(new URL('page/transcripts/', address).href) && url.endsWith('.js')
        if (url !== address && !isBeside && !url.startsWith('data:')) complaints.push(`request for ${url}`)
      })
      return page
    }

    /** The report as a reader opens it, in a window that the cases share: a new one each takes half of their time. */
    async function open(fragment = ''): Promise<Page> {
      await page.goto('about:blank')
      await page.goto(address + fragment)
      return page
    }

    const rows = (page: Page) => page.locator('.suite li[data-verdict]:visible')
    const shown = (page: Page) => page.locator('#shown').textContent()

    test('filters by verdict, suite, level and text, says how many are left, and keeps it in the address', async () => {
      const page = await open()
      await expect.poll(() => shown(page)).toBe('301 cases')

      await page.getByRole('button', { name: /^FAIL/ }).click()
      await expect.poll(() => rows(page).count()).toBe(2)
      await page.getByRole('button', { name: 'ERROR' }).click()
      await expect.poll(() => shown(page)).toBe('3 of 301 cases')
      await page.reload()
      await expect.poll(() => rows(page).count()).toBe(3)

      await page.getByRole('button', { name: 'Clear' }).click()
      await page.getByLabel('Suite').selectOption('transport')
      await expect.poll(() => shown(page)).toBe('75 of 301 cases')
      await page.getByLabel('Level').selectOption('SHOULD')
      await expect.poll(() => shown(page)).toBe('4 of 301 cases')
      await page.getByRole('button', { name: 'Clear' }).click()

      await page.getByLabel('Text').fill('9002 unknown')
      await expect.poll(() => rows(page).count()).toBe(1)
      expect(await rows(page).first().textContent()).toContain(failedId)
      await page.getByLabel('Text').fill('no such words')
      await page.getByText('No case matches this filter.').waitFor()
    })

    test('opens a failure from its link, its transcript on demand, at the line at fault', async () => {
      const page = await open()
      await expect.poll(() => page.locator('.wire .line').count()).toBe(0)

      await page.locator('.failures').getByRole('link', { name: failedId }).click()
      const opened = page.locator(`[id="${failedId}"]`)
      await opened.getByText('fault 9003 that lists the parameter').waitFor()
      await opened.getByText(`npm test -- --suite dut --grep ${failedId} --seed 42`).waitFor()

      await opened.getByText('look at line 12').click()
      const fault = opened.locator('.fault')
      await fault.waitFor()
      expect(await fault.textContent()).toContain('<Fault></script><img')
      expect(await fault.getAttribute('data-line')).toBe('12')
      await expect.poll(() => opened.locator('.wire .line').count()).toBe(72)
      expect(await inView(page, `[id="${failedId}"] .fault`)).toBe(true)
    })

    test('draws the session at fault', async () => {
      const page = await open(`#${failedId}`)
      const diagram = page.locator(`[id="${failedId}"] .sequence`)

      await diagram.locator('svg').waitFor()
      expect(await diagram.locator('.at-fault .label').textContent()).toContain('<Fault></script><img')
      expect(await diagram.getByRole('listitem').last().textContent()).toContain('(at fault)')
    })

    test('loads the transcript of a case that is not red from beside the page, once, and says when it is not there', async () => {
      const page = await open('#RPC-HTTP-125')
      const transcript = page.locator('#RPC-HTTP-125 .transcript')

      await transcript.locator('summary').click()
      await transcript.getByText('line 2').waitFor()
      expect(await transcript.locator('.line').allTextContents()).toEqual(['RPC-HTTP-125', 'line 2'])
      await transcript.locator('summary').click()
      await transcript.locator('summary').click()
      await expect.poll(() => transcript.locator('.line').count()).toBe(2)

      await rm(join(folder, 'page/transcripts/RPC-INFORM-124.txt.js'))
      const gone = page.locator('#RPC-INFORM-124')
      await gone.locator('summary').first().click()
      await gone.locator('.transcript > summary').click()
      await gone.getByText('RPC-INFORM-124.txt.js is not beside this page').waitFor()
      // The browser says so as well.
      await expect
        .poll(() => complaints.splice(0))
        .toEqual(['error: Failed to load resource: net::ERR_FILE_NOT_FOUND'])
    })

    test('a clause leads to its cases', async () => {
      const page = await open()
      await page.locator('.chapter > summary').first().click()

      await page.getByRole('link', { name: 'cases of A.3.2.2 with WARN' }).click()

      await expect.poll(() => rows(page).count()).toBe(15)
      const choice = page.locator('select[name=clause]')
      expect(await choice.inputValue()).toBe('A.3.2.2')
      await choice.selectOption('')
      expect(await page.evaluate('location.hash')).toBe('#?verdict=WARN')
    })

    test.each(['light', 'dark', 'phone'])(
      'axe-core finds nothing to complain about: %s',
      async (look) => {
        const page = await newPage({
          viewport: look === 'phone' ? { width: 360, height: 740 } : { width: 1280, height: 900 },
          colorScheme: look === 'dark' ? 'dark' : 'light',
          // The page's own policy lets no other script in.
          bypassCSP: true,
        })
        await page.goto(`${address}#${failedId}`)
        for (const kind of ['.transcript', '.chapter', '.campaign .files', '.requirements'])
          await page.locator(`${kind} > summary:visible`).first().click()
        await page.locator('.fault').waitFor()
        await page.evaluate(axe.source)

        // What is one of hundreds alike is looked at in a few of them.
        const { violations, passes } = (await page.evaluate(
          "axe.run({ exclude: [['.suite:not(:first-of-type)'], ['.requirements li:nth-child(n+20)']] })",
        )) as { violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] }

        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
        expect(passes.length).toBeGreaterThan(20)
        await page.close()
      },
      120_000,
    )

    test('runs nothing that a device sent', async () => {
      const page = await open()
      for (const one of await page.locator('li[data-outcome=failed] .case > summary').all()) await one.click()
      for (const one of await page.locator('li[data-outcome=failed] .transcript > summary').all())
        await one.click()
      for (const one of await page.locator('.fuzzing summary').all()) await one.click()
      await page.locator('.fault').waitFor()

      await expect.poll(() => page.locator('img').count()).toBe(0)
      expect(await page.title()).not.toBe('1')
      const visible = ATTACK.replace('\u202e', '\\u{202e}').replace('\u0000', '\\x00')
      expect(await page.locator('.case[open] .actual', { hasText: 'onerror' }).textContent()).toBe(visible)
    })

    test('is usable with the keyboard alone', async () => {
      const page = await open()
      const focused = (expression: string) => page.evaluate(`document.activeElement.${expression}`)
      await page.keyboard.press('Tab')
      expect(await focused('textContent')).toBe('Skip to the cases')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      expect(await focused('dataset.verdict')).toBe('FAIL')
      await page.keyboard.press('Space')
      await expect.poll(() => shown(page)).toBe('2 of 301 cases')

      await page.getByRole('button', { name: 'Next failure' }).press('Enter')
      expect(await page.locator(`[id="${failedId}"]`).getAttribute('open')).not.toBeNull()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      expect(await focused('parentElement.id')).toBe(failedId)
      await page.keyboard.press('ArrowDown')
      expect(await focused('textContent')).toContain('DUT-INFORM-004')
      await page.keyboard.press('Home')
      await page.keyboard.press('Tab')
      expect(await focused('textContent')).toBe('Copy')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.locator('.fault').waitFor()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      expect(await focused('getAttribute("aria-label")')).toBe(`Transcript of ${failedId}`)
    })

    test('an address with a case opens that case', async () => {
      const page = await open('#RPC-HTTP-125')

      expect(await page.locator('#RPC-HTTP-125').getAttribute('open')).not.toBeNull()
      expect(await inView(page, '#RPC-HTTP-125')).toBe(true)
    })

    test('a tile opens its case, even one that the filter hides', async () => {
      const page = await open('#?verdict=PASS')
      await expect.poll(() => rows(page).count()).toBeLessThan(300)

      await page.locator(`.tile[href="#${failedId}"]`).click()

      await page.locator(`[id="${failedId}"][open]`).waitFor()
      await expect.poll(() => shown(page)).toBe('301 cases')
    })

    test('text stands out from what is behind it, light and dark', async () => {
      const page = await open(`#${failedId}`)
      await page.locator(`[id="${failedId}"] .transcript > summary`).click()
      await page.locator('.fault').waitFor()
      await page.getByRole('button', { name: /^FAIL/ }).click()
      for (const one of await page.locator('.fuzzing summary').all()) await one.click()

      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await page.evaluate(POOR_CONTRAST), colorScheme).toEqual([])
      }
    })

    test('shows what was fuzzed: findings with all that repeats them, and the grammar with its gaps', async () => {
      const page = await open()
      const fuzzing = page.locator('.fuzzing')
      await fuzzing.locator('.finding > summary').first().click()
      await fuzzing.getByText('fault 9002 "Internal error"').waitFor()
      await fuzzing
        .getByText(/^npm test -- --replay/)
        .first()
        .waitFor()
      expect(await fuzzing.locator('.finding a').first().getAttribute('href')).toMatch(
        /^fuzz\/FUZZ-SOAP-001.*\.json$/,
      )

      await fuzzing.getByText('SetParameterValues').first().click()
      const row = fuzzing.getByRole('row', { name: /too long/ })
      expect(await row.textContent()).toContain('not met: ParameterKey')
    })

    test('keeps its place when a reader scrolls: nothing is drawn at another height once it is seen', async () => {
      const page = await newPage({ viewport: { width: 700, height: 700 } })
      await page.goto(address)
      const height = () => page.evaluate('document.documentElement.scrollHeight')
      const atFirst = await height()
      for (const place of await page.locator('.suite, .finding').all()) {
        await place.evaluate((element) => element.scrollIntoView({ block: 'end' }))
        await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
      }

      expect(await height()).toBe(atFirst)
      await page.close()
    })

    test('fits a phone', async () => {
      const page = await newPage({ viewport: { width: 360, height: 740 }, hasTouch: true })
      await page.goto(`${address}#${failedId}`)
      await page.locator(`[id="${failedId}"] .transcript > summary`).tap()
      await page.locator('.fault').waitFor()
      for (const one of await page
        .locator('.requirements > summary, .fuzzing summary, .chapter > summary, .files > summary')
        .all())
        await one.tap()

      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
      await page.close()
    })

    test('on paper the failures stand open and the controls are gone', async () => {
      const page = await open()
      await page.emulateMedia({ media: 'print' })
      await page.evaluate('dispatchEvent(new Event("beforeprint"))')

      await expect.poll(() => page.locator('.case[open]').count()).toBe(4)
      await page.locator('.toolbar').waitFor({ state: 'hidden' })
      await page.locator('.sequence svg').first().waitFor()
      await page.evaluate('dispatchEvent(new Event("afterprint"))')
      await expect.poll(() => page.locator('.case[open]').count()).toBe(0)
      await page.emulateMedia({ media: null })
    })

    test('without scripts it still shows every case and its failure block, and links to the transcript', async () => {
      const page = await newPage({ javaScriptEnabled: false })
      await page.goto(address)

      await expect.poll(() => rows(page).count()).toBe(301)
      await page.locator('.toolbar').waitFor({ state: 'hidden' })
      await page.locator(`[id="${failedId}"] > summary`).click()
      // Playwright finds no text inside of a noscript, so the element is asked.
      const expected = page.locator(`[id="${failedId}"] .expected li`).last()
      await expected.waitFor()
      expect(await expected.textContent()).toBe('fault 9003 that lists the parameter')
      const link = page.locator(`[id="${failedId}"] .transcript-link a`)
      expect(await link.getAttribute('href')).toBe(`transcripts/${failedId}.txt`)
      await page.close()
    })
  },
)

async function inView(page: Page, selector: string): Promise<boolean> {
  const box = await page.locator(selector).boundingBox()
  const height = page.viewportSize()?.height ?? 0
  return box !== null && box.y >= 0 && box.y < height
}

/** Every visible text below 4.5 : 1 (WCAG 2.2, 1.4.3) against the nearest background, evaluated in the page. */
const POOR_CONTRAST = `(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data]
  }
  const luminance = (colour) => {
    const [r, g, b] = rgb(colour).map((octet) => octet / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const background = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor
      if (rgb(colour)[3] === 255) return colour
    }
    return 'white'
  }
  const poor = new Set()
  const seen = new Set()
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '')
    if ((!text && !element.matches('.icon')) || element.matches('.unseen') || !element.checkVisibility()) continue
    const { color } = getComputedStyle(element)
    const behind = background(element)
    if (seen.has(color + behind)) continue
    seen.add(color + behind)
    const [dark, light] = [luminance(color), luminance(behind)].sort((a, b) => a - b)
    const ratio = (light + 0.05) / (dark + 0.05)
    if (ratio < 4.5) poor.add(\`\${element.className || element.localName} \${element.textContent.slice(0, 20)}: \${ratio.toFixed(2)}\`)
  }
  return [...poor]
})()`
