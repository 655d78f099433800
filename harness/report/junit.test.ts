import { SaxesParser, type SaxesTagNS } from 'saxes'
import { describe, expect, test } from 'vitest'
import type { RunResult } from './conclude.ts'
import { aCase, aUnit, concluded, oneOfEach } from './fixture.ts'
import { renderJunit } from './junit.ts'
import type { CaseVerdict, JudgedWaiver } from './verdict.ts'

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

/** The document as a strict XML 1.0 parser reads it; throws where it is not well-formed. */
function parse(source: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }: SaxesTagNS) => {
    const plain = Object.fromEntries(Object.values(attributes).map((one) => [one.name, one.value]))
    const element: Element = { name, attributes: plain, children: [], text: '' }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('text', (text) => {
    const element = open.at(-1)
    if (element) element.text += text
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(source).close()
  return root.children[0] ?? root
}

function all(element: Element, name: string): Element[] {
  return [...(element.name === name ? [element] : []), ...element.children.flatMap((one) => all(one, name))]
}

const kinds = (cases: readonly Element[]) =>
  cases.map(
    ({ children }) => children.find(({ name }) => /failure|error|skipped/.test(name))?.name ?? 'passed',
  )

test('one testsuite per suite with its counters, and the totals of the run above', () => {
  const file = concluded([...oneOfEach(), aCase({ suite: 'session', id: 'SES-A-001' })], {
    units: [aUnit(), aUnit({ state: 'failed' }), aUnit({ state: 'skipped' })],
  })

  const root = parse(renderJunit(file))

  expect(root.attributes).toMatchObject({
    tests: '12',
    failures: '4',
    errors: '1',
    skipped: '2',
    time: '61.500',
  })
  expect(Number(root.attributes.failures) + Number(root.attributes.errors)).toBe(file.failed)
  expect(root.children.map(({ attributes: { name, tests, failures } }) => [name, tests, failures])).toEqual([
    ['rpc', '8', '3'],
    ['session', '1', '0'],
    ['unit tests', '3', '1'],
  ])
})

test('every verdict has its element', () => {
  const cases = all(parse(renderJunit(concluded(oneOfEach()))), 'testcase')

  // FAIL, WARN, N/A, UNTESTABLE MUST, WAIVED, STALE, ERROR, PASS
  expect(kinds(cases)).toEqual([
    'failure',
    'passed',
    'skipped',
    'failure',
    'passed',
    'failure',
    'error',
    'passed',
  ])
})

test('an untestable SHOULD is skipped with its reason', () => {
  const file = concluded([aCase(), aCase({ verdict: 'UNTESTABLE', level: 'SHOULD', reason: 'no setClock' })])

  const [skipped] = all(parse(renderJunit(file)), 'skipped')

  expect(skipped?.attributes).toEqual({ message: 'no setClock', type: 'UNTESTABLE' })
})

test('a failure carries the whole failure block', () => {
  const [failure] = all(parse(renderJunit(concluded(oneOfEach()))), 'failure')

  expect(failure?.attributes).toEqual({ message: 'expected fault 9005', type: 'FAIL' })
  for (const part of [
    'requirement: MUST, A.3.2.2',
    'expected:    fault 9005\n             or fault 9003',
    'actual:      fault 9002 "Internal error"',
    'transcript:  transcripts/RPC-ALL-001.txt:7',
    'reproduce:   npm test -- --suite rpc --grep RPC-ALL-001 --seed 42',
  ]) {
    expect(failure?.text).toContain(part)
  }
})

test('a suite names the seed, the device and the version that examined it', () => {
  const suite = parse(renderJunit(concluded([aCase()]))).children[0]
  const properties = suite?.children[0]?.children.map(({ attributes: { name, value } }) => [name, value])

  expect(Object.fromEntries(properties ?? [])).toMatchObject({
    seed: '42',
    suiteVersion: '0.1.0',
    'dut.manufacturer': 'Example',
    'dut.model': 'Home Box',
    'dut.firmware': '1.2.3',
    exitCode: '0',
  })
})

test('whatever octets a device sends, the file is well-formed and shows what they were', () => {
  const every = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code)).join('')
  const attack = `${every}\ud800 \udfff \ufffe\uffff ]]> </failure><!-- & "quoted" 'so' 😀`
  const failure = { expected: [attack], actual: attack, message: attack }
  const file = concluded(
    [
      aCase({ title: attack, suite: attack, verdict: 'FAIL', failure, reason: attack, notes: [attack] }),
      aCase({ verdict: 'WARN', failure }),
      aCase({ verdict: 'N/A', reason: attack }),
      aCase({ verdict: 'ERROR', reason: attack }),
    ],
    {
      commandLine: [attack],
      dut: { manufacturer: attack, model: attack, firmware: attack, adapter: attack, profile: attack },
      units: [aUnit({ name: attack, file: attack, state: 'failed', message: attack })],
    },
  )

  const [first] = all(parse(renderJunit(file)), 'failure')

  expect(first?.text).toContain('\\x00\\x01')
  expect(first?.text).toContain(
    `\\u{d800} \\u{dfff} \\u{fffe}\\u{ffff} ]]> </failure><!-- & "quoted" 'so' 😀`,
  )
  expect(first?.attributes.message).toContain('\\x1b')
})

describe('what makes a run red beside its cases is an error of the suite "run":', () => {
  const expired: JudgedWaiver = {
    ...{ id: 'RPC-A-009', kind: 'known-failure', expected: 'x', reason: 'y', owner: 'Ada' },
    ...{ link: 'https://issues.example.com/42', until: '2026-01-01', state: 'expired', says: 'is over' },
  }

  test.each<[string, CaseVerdict[], Partial<RunResult>, string]>([
    ['an empty selection', [], {}, 'nothing was executed: the selection is empty'],
    ['nothing applicable', [aCase({ verdict: 'N/A' })], {}, 'nothing was executed: 1 not applicable'],
    ['a peer that never came up', [aCase()], { badPeers: ['no Inform came'] }, 'no Inform came'],
    ['an interrupt', [aCase()], { interrupted: true }, 'interrupted: this report covers only'],
    ['a waiver that is over', [aCase()], { waivers: [expired] }, '1 waiver has expired: RPC-A-009'],
  ])('%s', (_what, cases, change, expected) => {
    const file = concluded(cases, change)

    const root = parse(renderJunit(file))

    const [suite] = root.children
    expect(file.exitCode).not.toBe(0)
    expect(root.attributes).toMatchObject({ tests: String(cases.length + 1), failures: '0', errors: '1' })
    expect(suite?.attributes).toMatchObject({ name: 'run', tests: '1', errors: '1' })
    const [error] = all(suite ?? root, 'error')
    expect(error?.attributes.message).toContain(expected)
    expect(file.because.join('\n')).toContain(error?.attributes.message)
  })

  test('but what a case tells already is told once', () => {
    const dead = 'the device stayed dead after RPC-A-001'
    const cases = [
      aCase({ verdict: 'ERROR', reason: `${dead}; nobody answers` }),
      aCase({ id: expired.id, verdict: 'FAIL' }),
    ]

    const root = parse(renderJunit(concluded(cases, { badPeers: [dead], waivers: [expired] })))

    expect(root.attributes).toMatchObject({ tests: '2', failures: '1', errors: '1' })
    expect(root.children.map(({ attributes: { name } }) => name)).toEqual(['rpc'])
  })

  test('and a part of a run may have nothing to do', () => {
    const part = concluded([], { shard: { index: 2, of: 2 } })

    expect(part.exitCode).toBe(4)
    expect(parse(renderJunit(part)).attributes).toMatchObject({ tests: '0', errors: '0' })
  })
})
