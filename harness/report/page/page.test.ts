import { describe, expect, test } from 'vitest'
import { aCase, aFuzzSummary, aUnit, concluded, oneOfEach } from '../fixture.ts'
import { ATTACK } from '../large-fixture.ts'
import { html, jsonBlock } from './markup.ts'
import { renderPage } from './page.ts'
import { duration, moment } from './text.ts'
import { embedTranscript } from './transcripts.ts'

const none = new Map()

describe('the page', () => {
  test('is one file: nothing in it points outside but the files beside it', () => {
    const page = renderPage(concluded([...oneOfEach(), aCase({ fuzz: aFuzzSummary() })]), none)

    const targets = [...page.matchAll(/(?:\s(?:src|href|action)=|url\()["']?([^"'\s)>]+)/g)].map(
      ([, to]) => to ?? '',
    )
    const outside = targets.filter(
      (to) => !/^(#|data:image|transcripts\/|fuzz\/|verdict\.json$|junit\.xml$)/.test(to),
    )
    expect(outside).toEqual([])
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/)
  })

  test('says who was examined, what came out and why', () => {
    const page = renderPage(concluded(oneOfEach()), none)

    expect(page).toContain('<title>Example Home Box: This run cannot be trusted · CWMP conformance</title>')
    expect(page).toContain('<li>ERROR in RPC-ALL-007: port 7547 is in use</li>')
    expect(page).toContain('exit code 3')
    expect(page).toContain('<dt>Seed</dt><dd>42</dd>')
  })

  test.each([
    [concluded([aCase()]), 'Nothing failed'],
    [concluded([aCase({ verdict: 'FAIL' })]), '1 failed'],
    [concluded([aCase({ verdict: 'ERROR' })]), 'This run cannot be trusted'],
    [concluded([]), 'Nothing was executed'],
    [concluded([aCase()], { interrupted: true }), 'Interrupted before the end'],
  ])('has a headline for exit code $exitCode', (verdict, headline) => {
    expect(renderPage(verdict, none)).toContain(headline)
  })

  test('shows nothing that a device sent as markup', () => {
    const failure = {
      expected: [ATTACK],
      actual: ATTACK,
      message: ATTACK,
      transcript: { file: ATTACK, line: 1 },
    }
    const hostile = {
      id: ATTACK,
      suite: ATTACK,
      title: ATTACK,
      clause: ATTACK,
      requirement: ATTACK,
      reason: ATTACK,
    }
    const verdict = concluded(
      [
        aCase({
          ...hostile,
          verdict: 'FAIL',
          failure,
          notes: [ATTACK],
          reproduce: ATTACK,
          transcript: ATTACK,
        }),
      ],
      {
        dut: { manufacturer: ATTACK, model: ATTACK, firmware: ATTACK, adapter: ATTACK, profile: ATTACK },
        units: [aUnit({ name: ATTACK, file: ATTACK, state: 'failed', message: ATTACK })],
        requirements: [
          { id: ATTACK, clause: ATTACK, level: 'MUST', text: ATTACK, state: 'excluded', reason: ATTACK },
        ],
        commandLine: [ATTACK],
        badPeers: [ATTACK],
      },
    )

    const page = renderPage(verdict, new Map([[ATTACK, embedTranscript('transcript-1', ATTACK)]]))

    expect(page).not.toContain('<img')
    expect(page).not.toMatch(/="[^"]*<!--/)
    expect(page.match(/<\/script>/g)).toHaveLength(2)
    expect(page).not.toContain('\u202e')
    expect(page).not.toContain('\u0000')
  })

  test('joins coverage with what ran', () => {
    const requirement = { clause: '3.7', level: 'MUST', text: 'x' } as const
    const requirements = [
      { ...requirement, id: 'RPC-GPV-001', state: 'tested' },
      { ...requirement, id: 'RPC-GPV-002', state: 'untested' },
      { ...requirement, id: 'SES-INFORM-001', state: 'excluded', reason: 'Not on the wire.' },
    ] as const

    const page = renderPage(concluded([aCase()], { requirements }), none)

    expect(page).toContain('1 of 2 tested, 1 untested, 1 excluded')
    expect(page).toContain('<a href="#RPC-GPV-001">RPC-GPV-001</a>')
    expect(page).toContain('<em>Not on the wire.</em>')
  })
})

describe('a transcript in the page', () => {
  const data = (text: string, focus?: number) => {
    const { block } = embedTranscript('k', text, focus)
    return JSON.parse(block.source.replace(/^<script[^>]*>|<\/script>\n$/g, ''))
  }

  test('is carried whole when it is short, control characters spelled out', () => {
    expect(data('a\r\nb\u0007\n')).toEqual({ lines: 2, parts: [[1, ['a', 'b\\x07']]] })
  })

  test.each([
    [
      'the head and the end when nothing is at fault',
      undefined,
      [
        [1, 500],
        [7501, 2500],
      ],
    ],
    [
      'the head and what surrounds the fault',
      6000,
      [
        [1, 500],
        [4750, 2500],
      ],
    ],
    ['one part when the fault is near the head', 900, [[1, 3000]]],
    [
      'the end when the fault is there',
      9_999,
      [
        [1, 500],
        [7501, 2500],
      ],
    ],
  ])('is cut to %s', (_, focus, parts) => {
    const text = Array.from({ length: 10_000 }, (_, at) => `line ${at + 1}`).join('\n')

    const cut = data(text, focus)

    expect(cut.lines).toBe(10_000)
    expect(cut.parts.map(([from, lines]: [number, string[]]) => [from, lines.length])).toEqual(parts)
    for (const [from, lines] of cut.parts) expect(lines[0]).toBe(`line ${from}`)
  })

  test('has no endless lines', () => {
    expect(data('x'.repeat(5_000)).parts[0][1][0]).toBe(`${'x'.repeat(4_000)} … 1,000 more characters`)
  })
})

test('markup escapes text and attributes, keeps markup, joins lists, drops nothing-values', () => {
  const { source } = html`<p title="${`"'<>&`}">${[html`<b>${1}</b>`, 'a<b']}${undefined}${false}</p>`

  expect(source).toBe('<p title="&quot;&#39;&lt;&gt;&amp;"><b>1</b>a&lt;b</p>')
})

test('a JSON block cannot be left', () => {
  const { source } = jsonBlock({ text: '</script><!--<script>' })

  expect(source).not.toContain('<')
  expect(JSON.parse(source)).toEqual({ text: '</script><!--<script>' })
})

test.each([
  [0.4, '0 ms'],
  [820, '820 ms'],
  [12_345, '12.3 s'],
  [60_000, '1 min'],
  [245_000, '4 min 5 s'],
])('%d ms reads %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text)
})

test('a moment reads without seconds and says its zone', () => {
  expect(moment('2026-11-21T08:00:12.345Z')).toBe('2026-11-21 08:00 UTC')
})
