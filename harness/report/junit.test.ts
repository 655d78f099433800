import { SaxesParser, type SaxesTagNS } from 'saxes'
import { expect, test } from 'vitest'
import { aCase, aUnit, concluded, oneOfEach } from './fixture.ts'
import { renderJunit } from './junit.ts'

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

test('an empty run is an empty but valid file', () => {
  const root = parse(renderJunit(concluded([])))

  expect(root.attributes).toMatchObject({ tests: '0', failures: '0', errors: '0', skipped: '0' })
  expect(root.children).toEqual([])
})
