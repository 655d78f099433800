import { describe, expect, test } from 'vitest'
import { aCase, aFuzzSummary, aUnit, concluded, oneOfEach } from '../fixture.ts'
import { ATTACK } from '../large-fixture.ts'
import { compareRuns } from '../report.ts'
import { html, jsonBlock } from './markup.ts'
import { chapterOf } from './matrix.ts'
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
        leftOut: [{ suite: ATTACK, reason: ATTACK }],
      },
    )

    const page = renderPage(
      verdict,
      new Map([[ATTACK, embedTranscript('transcript-1', { text: ATTACK, fault: { id: ATTACK, line: 1 } })]]),
    )

    expect(page).not.toContain('<img')
    expect(page).not.toMatch(/="[^"]*<!--/)
    expect(page.match(/<\/script>/g)).toHaveLength(2)
    expect(page).not.toContain('\u202e')
    expect(page).not.toContain('\u0000')
  })

  test('says what was left out of the run, and why', () => {
    const leftOut = [{ suite: 'interop', reason: 'no Docker engine answers' }]

    expect(renderPage(concluded([aCase()], { leftOut }), none)).toContain(
      '<dt>Left out</dt><dd>interop: no Docker engine answers</dd>',
    )
    expect(renderPage(concluded([aCase()]), none)).not.toContain('Left out')
  })

  test('has a line for each clause, by chapter, whose numbers lead to the cases', () => {
    const cases = [
      aCase({ id: 'RPC-A-001', clause: 'TR-069 A.3.2.10', verdict: 'FAIL' }),
      aCase({ id: 'RPC-A-002', clause: 'TR-069 A.3.2.2' }),
      aCase({ id: 'RPC-A-003', clause: 'TR-069 A.3.2.2' }),
      aCase({ id: 'RPC-A-004', clause: 'RFC 9110 8.6' }),
    ]

    const page = renderPage(concluded(cases), none)

    expect(page).toContain('<span class="count">3 clauses by verdict</span>')
    const rows = [...page.matchAll(/<tr><th scope="row">((?:TR|RFC)[^<]*)</g)].map(([, clause]) => clause)
    expect(rows).toEqual(['TR-069 A.3.2.2', 'TR-069 A.3.2.10', 'RFC 9110 8.6'])
    expect(page).toContain(
      '<a href="#?verdict=PASS&amp;clause=TR-069+A.3.2.2" aria-label="2 cases of TR-069 A.3.2.2 with PASS">2</a>',
    )
  })

  test.each([
    ['TR-069 3.7.1.4, A.3', 'TR-069 3.7'],
    ['3.7.1.1', 'TR-069 3.7'],
    ['TR-069 Annex K, RFC 6120 4', 'TR-069 Annex K'],
    ['TR-069 K.2', 'TR-069 Annex K'],
    ['TR-069 A.3, A.4', 'TR-069 A.3'],
    ['TR-181 XMPP.Connection.{i}.', 'TR-181'],
    ['RFC 6120 4.9.3.13', 'RFC 6120'],
    ['docs/writing-a-dut-adapter.md', 'Other sources'],
  ])('clause %s is in chapter %s', (clause, chapter) => {
    expect(chapterOf(clause)).toBe(chapter)
  })

  test('says where the time went, slowest first', () => {
    const cases = [
      aCase({ id: 'RPC-A-001', durationMs: 900 }),
      aCase({ id: 'RPC-A-002', durationMs: 100 }),
      aCase({ id: 'SES-A-001', suite: 'session', durationMs: 60_000 }),
      aCase({ id: 'RPC-A-003', durationMs: 0, verdict: 'N/A' }),
    ]

    const page = renderPage(concluded(cases, { durationMs: 62_000 }), none)

    expect(page).toContain('<span class="count">1 min 1 s of cases in 1 min 2 s</span>')
    const section = page.slice(page.indexOf('class="timings"'))
    expect([...section.matchAll(/<th scope="row">(\w+)</g)].map(([, suite]) => suite)).toEqual([
      'session',
      'rpc',
    ])
    const slowest = [...section.matchAll(/<th scope="row"><a href="#([^"]+)"/g)].map(([, id]) => id)
    expect(slowest).toEqual(['SES-A-001', 'RPC-A-001', 'RPC-A-002'])
  })

  test('says what changed since the run that it was compared with', () => {
    const before = concluded([aCase({ id: 'RPC-A-001' }), aCase({ id: 'RPC-A-002', title: ATTACK })])
    const failure = { expected: ['fault 9005'], actual: ATTACK, message: '' }
    const after = concluded([aCase({ id: 'RPC-A-001', verdict: 'FAIL', failure })])

    const page = renderPage({ ...after, comparison: compareRuns(before, after) }, none)

    const section = page.slice(page.indexOf('class="comparison"'), page.indexOf('class="map"'))
    expect(section).toContain('<span class="count">worse</span>')
    expect(section).toContain('<summary>new failure <span class="count">1 case</span></summary>')
    expect(section).toContain('<a href="#RPC-A-001">RPC-A-001</a>')
    expect(section).toContain('<summary>removed <span class="count">1 case</span></summary>')
    expect(section).not.toContain('href="#RPC-A-002"')
    expect(section).not.toContain('<img')
    expect(renderPage(after, none)).not.toContain('class="comparison"')
  })

  test('joins coverage with what ran', () => {
    const requirement = { clause: '3.7', level: 'MUST', text: 'x' } as const
    const requirements = [
      { ...requirement, id: 'RPC-GPV-001', state: 'tested' },
      { ...requirement, id: 'RPC-GPV-002', state: 'untested' },
      { ...requirement, id: 'RPC-GPV-003', state: 'not applicable' },
      { ...requirement, id: 'SES-INFORM-001', state: 'excluded', reason: 'Not on the wire.' },
    ] as const

    const page = renderPage(concluded([aCase()], { requirements }), none)

    expect(page).toContain('1 of 3 tested, 1 not applicable, 1 untested, 1 excluded')
    expect(page).toContain('<a href="#RPC-GPV-001">RPC-GPV-001</a>')
    expect(page).toContain('<td>1</td><td>1</td><td>1</td><td>0</td><td>1 of 3</td>')
    expect(page).toContain('<summary>Not applicable <span class="count">1 requirement</span></summary>')
    expect(page).toContain('<em>Not on the wire.</em>')
  })
})

describe('a transcript in the page', () => {
  const data = (text: string, focus?: number) => {
    const fault = focus === undefined ? {} : { fault: { id: 'RPC-GPV-001', line: focus } }
    const { embedded } = embedTranscript('k', { text, ...fault })
    return JSON.parse(embedded?.block.source.replace(/^<script[^>]*>|<\/script>\n$/g, '') ?? '')
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
