import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { suitesOfCases } from '../launcher/planned-cases.ts'
import { loadRequirements, type Requirement } from '../requirements/requirements.ts'
import { readWaivers, WaiverError, waiversJsonSchema } from './waiver-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waivers-'))
})
afterEach(() => rm(folder, { recursive: true }))

const record = (id: string, change: Partial<Requirement> = {}): [string, Requirement] => [
  id,
  { id, clause: '3.7', level: 'MUST', text: 'The device does it.', ...change },
]
const requirements = new Map([
  record('RPC-GPV-001'),
  record('XMPP-CR-001'),
  record('XMPP-FUZZ-001'),
  record('FUZZ-SOAP-001'),
  record('UNI-XML-001'),
  record('RPC-OLD-001', { retired: 'since 1.2' }),
  record('RPC-OUT-001', { excluded: 'no message shows it' }),
])
const suites = new Map([
  ['RPC-GPV-001', 'rpc'],
  ['XMPP-CR-001', 'xmpp'],
  ['XMPP-FUZZ-001', 'xmpp'],
  ['FUZZ-SOAP-001', 'fuzz'],
  ['UNI-XML-001', 'session'],
])
const waiver = {
  id: 'RPC-GPV-001',
  kind: 'known-failure',
  expected: 'fault 9002',
  reason: 'being rewritten',
  owner: 'Ada',
  link: 'https://issues.example.com/42',
  until: '2027-03-01',
}

async function read(content: unknown) {
  const file = join(folder, 'waivers.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return await readWaivers(file, requirements, () => suites)
}

/** The lines of the error, without the folder. */
async function errorsOf(content: unknown): Promise<string[]> {
  const error = await read(content).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(WaiverError)
  return (error as WaiverError).message.replaceAll(`${folder}/`, '').split('\n')
}

describe('a file of waivers', () => {
  test('is read as it stands', async () => {
    const waivers = [waiver, { ...waiver, id: 'XMPP-CR-001', suite: 'xmpp', expected: { pattern: 'a|b' } }]

    expect(await read({ $schema: '../waivers.schema.json', waivers })).toEqual(waivers)
    expect(await read({ waivers: [] })).toEqual([])
  })

  test.each([
    ['RPC-GPV-001', 'rpc'],
    ['XMPP-FUZZ-001', 'xmpp@prosody'],
    ['FUZZ-SOAP-001', 'fuzz'],
  ])('may name the suite of a case: %s is in %s', async (id, suite) => {
    expect(await read({ waivers: [{ ...waiver, id, suite }] })).toMatchObject([{ id, suite }])
  })

  test('may have a waiver for each peer of a case', async () => {
    const waivers = ['xmpp', 'xmpp@prosody'].map((suite) => ({ ...waiver, id: 'XMPP-CR-001', suite }))

    expect(await read({ waivers })).toHaveLength(2)
  })

  test.each([
    ['{', 'waivers.json: line 1, column 2: expected a key in "…" or "}", got the end of the file'],
    [{}, 'waivers.json: waivers: expected a list, got nothing'],
    [{ waiver: [] }, 'waivers.json: waivers: expected a list, got nothing'],
    [{ waivers: ['x'] }, 'waivers.json: waivers[0]: expected an object, got "x"'],
  ])('%j is refused', async (content, expected) => {
    expect(await errorsOf(content)).toEqual([expected])
  })

  test.each([
    [{ id: undefined }, 'waivers[0].id: expected a text, got nothing'],
    [
      { id: 'RPC-GPV-01' },
      'waivers[0].id: expected a case of this suite, got "RPC-GPV-01", did you mean RPC-GPV-001?',
    ],
    [{ id: 'RPC-OLD-001' }, 'waivers[0].id: expected a case, got RPC-OLD-001, which is retired'],
    [{ id: 'RPC-OUT-001' }, 'waivers[0].id: expected a case, got RPC-OUT-001, which the wire cannot show'],
    [{ kind: 'known' }, 'waivers[0].kind: expected one of "known-failure", "flaky", got "known"'],
    [{ expected: ' ' }, 'waivers[0].expected: expected a text that is not empty, got " "'],
    [{ expected: { pattern: '(' } }, 'waivers[0].expected.pattern: expected a regular expression (Invalid'],
    [{ reason: '' }, 'waivers[0].reason: expected a text that is not empty, got ""'],
    [{ owner: undefined }, 'waivers[0].owner: expected a text, got nothing'],
    [{ link: 'WIFI-7' }, 'waivers[0].link: expected the address of an issue, such as "https://'],
    [{ link: 'javascript:alert(1)' }, 'waivers[0].link: expected the address of an issue'],
    [{ until: '2027-02-30' }, 'waivers[0].until: expected a day such as "2027-03-01", got "2027-02-30"'],
    [{ until: 'some day' }, 'waivers[0].until: expected a day such as "2027-03-01", got "some day"'],
    [{ untill: '2027-01-01' }, 'waivers[0].untill: expected "until", got an unknown key'],
    [{ suite: 'rcp' }, 'waivers[0].suite: expected rpc, where RPC-GPV-001 is, got "rcp"'],
    [{ suite: 'xmpp' }, 'waivers[0].suite: expected rpc, where RPC-GPV-001 is, got "xmpp"'],
    [{ suite: 'rpc@prosody' }, 'waivers[0].suite: expected rpc, where RPC-GPV-001 is, got "rpc@prosody"'],
    [
      { id: 'XMPP-FUZZ-001', suite: 'fuzz' },
      'waivers[0].suite: expected xmpp or xmpp@prosody, where XMPP-FUZZ-001 is, got "fuzz"',
    ],
    [
      { id: 'FUZZ-SOAP-001', suite: 'rpc' },
      'waivers[0].suite: expected fuzz, where FUZZ-SOAP-001 is, got "rpc"',
    ],
    [{ id: 'UNI-XML-001', suite: 'session' }, 'waivers[0].suite: expected nothing, because UNI-XML-001'],
  ])('with %j is refused in one line', async (change, expected) => {
    const lines = await errorsOf({ waivers: [{ ...waiver, ...change }] })

    expect(lines).toHaveLength(1)
    expect(lines[0]?.startsWith(`waivers.json: ${expected}`), lines[0]).toBe(true)
  })

  test.each([
    ...['.*', '.?', 'x*', '|fault', '^', '$', '(?!x)'],
    ...['.', '.+', '^.', '.$', '.{5,}', '\\S', '\\w+', '\\b', '\\D', '[^]', '[\\s\\S]+', '[^x]', '(.|\\n)+'],
    ...['a|.', '.|fault 9002', 'fault 9002|[a-z]', '(?=.)'],
  ])('with the pattern %s, which matches everything, is refused', async (pattern) => {
    expect(await errorsOf({ waivers: [{ ...waiver, expected: { pattern } }] })).toEqual([
      `waivers.json: waivers[0].expected.pattern: expected a pattern that does not match everything, got ${JSON.stringify(pattern)}`,
    ])
  })

  test.each([
    ...['fault 9002', '^fault 900[23]\\b', 'a|b', 'no session within \\d+ s', '^\\d+$', '\\d', '^false'],
    ...[
      'no answer|fault|Response',
      '^.{1,9}$',
      'fault (?!9005)',
      '^[^ ]+$',
      '^HTTP .+',
      '\\n',
      '"[^"]*"',
      '^\\d',
    ],
  ])('may have the pattern %s', async (pattern) => {
    const waivers = [{ ...waiver, expected: { pattern } }]

    expect(await read({ waivers })).toEqual(waivers)
  })

  test.each([
    [waiver, waiver],
    [waiver, { ...waiver, suite: 'rpc' }],
  ])('that waives a case twice is refused', async (...waivers) => {
    expect(await errorsOf({ waivers })).toEqual([
      'waivers.json: waivers[1].id: expected each case once, got RPC-GPV-001 again',
    ])
  })

  test('that is not there is refused by its name', async () => {
    await expect(readWaivers(join(folder, 'no.json'), requirements, () => suites)).rejects.toThrow(
      'no.json: expected a file of waivers, got no such file',
    )
  })
})

const docs = new URL('../../docs/', import.meta.url)

test('docs/waivers.schema.json is the schema, written out', () => {
  // To renew it: node -e "import('./harness/waivers/waiver-file.ts').then((it) => console.log(JSON.stringify(it.waiversJsonSchema())))"
  // > docs/waivers.schema.json and npx biome format --write docs/waivers.schema.json
  expect(JSON.parse(readFileSync(new URL('waivers.schema.json', docs), 'utf8'))).toEqual(waiversJsonSchema())
})

test('docs/examples/waivers.json is one', async () => {
  const example = readFileSync(new URL('examples/waivers.json', docs), 'utf8')
  await writeFile(join(folder, 'waivers.json'), example)

  expect(await readWaivers(join(folder, 'waivers.json'), loadRequirements(), suitesOfCases)).toHaveLength(2)
})
