import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { referenceProfile } from '../dut/dut.ts'
import type { VerdictFile } from '../report/report.ts'
import { loadRequirements } from '../requirements/requirements.ts'

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
const brokenAdapter = fileURLToPath(new URL('../mutants/adapter/broken-adapter.ts', import.meta.url))
/** Says ok to everything and has no device. */
const emptyAdapter = String.raw`process.stdin.on('data', (lines) => {
  for (const line of String(lines).trim().split('\n')) {
    const { id, request } = JSON.parse(line)
    const known = { hello: { abilities: 'provision,alive' }, provision: {}, alive: { alive: false }, stop: {} }[request]
    console.log(JSON.stringify({ id, answer: known ? 'ok' : 'unsupported', ...known }))
    if (request === 'stop') process.exit(0)
  }
})`

/** Nobody listens there. */
const noEngine = 'tcp://127.0.0.1:1'

let folder: string
let env: NodeJS.ProcessEnv

beforeEach(async () => {
  env = process.env
  folder = await mkdtemp(join(tmpdir(), 'cwmp-launch-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env })
}

async function run(...args: string[]): Promise<{ code: number | null; lines: string[]; errors: string }> {
  const child = start(...args)
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  return { code, lines: output.trimEnd().split('\n'), errors }
}

async function profile(changes: object): Promise<string> {
  const file = join(folder, 'dut.json')
  await writeFile(file, JSON.stringify({ ...referenceProfile, ...changes }))
  return file
}

async function verdictIn(out: string): Promise<VerdictFile> {
  return JSON.parse(await readFile(join(out, 'verdict.json'), 'utf8'))
}

// Some tests start the launcher several times, each of which reads all suites, beside everything else that runs.
describe('the launcher', { timeout: 180_000 }, () => {
  test('exits 0 when every executed case passes, with the seed in the first line and the counts alone in the last', async () => {
    const out = join(folder, 'out')

    const { code, lines } = await run('--suite', 'dut', '--grep', 'ADAPTER-001', '--seed', '7', '--out', out)

    expect(code).toBe(0)
    expect(lines[0]).toContain('seed 7')
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped')
    expect((await verdictIn(out)).cases.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['DUT-ADAPTER-001', 'PASS'],
    ])
  })

  test('exits 1 when a case fails, and names what was expected, what came and how to repeat it', async () => {
    const adapter = {
      kind: 'module',
      file: brokenAdapter,
      options: { mutant: 'adapter-calls-the-living-dead' },
    }
    const dut = await profile({ adapter })

    const { code, lines } = await run(
      '--dut',
      dut,
      '--suite',
      'dut',
      '--grep',
      'ADAPTER-004',
      '--seed',
      '9',
      '--out',
      folder,
    )

    expect(code).toBe(1)
    expect(lines.join('\n')).toMatch(/FAIL {2}DUT-ADAPTER-004/)
    expect(lines.join('\n')).toContain(`npm test -- --suite dut --grep DUT-ADAPTER-004 --dut ${dut} --seed 9`)
    expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped')
  })

  test.each([
    [['--suite', 'trasport'], 'unknown suite "trasport", did you mean "transport"?'],
    [['--dut', '/nowhere/dut.json'], '/nowhere/dut.json'],
    [['--sede', '1'], 'did you mean "--seed"?'],
    [['--replay', '/nowhere/repro.json'], '/nowhere/repro.json: no such file'],
    [['--replay', 'package.json'], 'package.json is no repro file: format'],
    [['--waivers', '/nowhere/w.json'], '/nowhere/w.json: expected a file of waivers, got no such file'],
    [['--waivers', 'package.json'], 'package.json: waivers: expected a list, got nothing'],
    [['--rerun-failed', '/nowhere'], '/nowhere: expected the folder of a report'],
    [['--certify', '--sign', '/nowhere/key.pem'], '/nowhere/key.pem: expected a key in PEM'],
    [['--out', 'package.json'], '--out package.json: expected a folder that can be written, got a file'],
  ])('exits 2 with one line for %j', async (args, expected) => {
    const { code, errors } = await run(...args)

    expect(code).toBe(2)
    expect(errors.trimEnd().split('\n')).toHaveLength(1)
    expect(errors).toContain(expected)
  })

  test('exits 2 before anything runs when not all cases would be certified', async () => {
    const { code, lines, errors } = await run('--certify', '--suite', 'dut', '--grep', 'x', '--out', folder)

    expect([code, lines]).toEqual([2, ['']])
    expect(errors).toContain('--certify: all cases have to run: leave out --suite, --grep')
  })

  test('exits 3 when the device never comes up, and gives each case an ERROR without waiting for it again', async () => {
    const dut = await profile({
      adapter: { kind: 'command', command: [process.execPath, '-e', emptyAdapter] },
      pixit: { ...referenceProfile.pixit, timing: { bootSeconds: 1 } },
    })

    const { code, lines } = await run(
      '--dut',
      dut,
      '--suite',
      'rpc',
      '--grep',
      'RPC-GRM-00[12]',
      '--out',
      folder,
    )

    expect(lines.join('\n')).toMatch(
      /the device opened no session within 1 s .* and never connected: is http:\/\/\S+ reachable from it/,
    )
    expect(code).toBe(3)
    expect(new Set((await verdictIn(folder)).cases.map(({ verdict }) => verdict))).toEqual(new Set(['ERROR']))
  })

  test('exits 3 with one line when the report cannot be written, and tells what it has found', async () => {
    await mkdir(join(folder, 'verdict.json/x'), { recursive: true })

    const { code, lines, errors } = await run('--suite', 'dut', '--grep', 'ADAPTER-001', '--out', folder)

    expect(code).toBe(3)
    expect(errors.trimEnd().split('\n')).toEqual([
      expect.stringContaining(`${folder}: the report could not be written: EISDIR`),
    ])
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped')
  })

  test('exits 4 when the selection runs nothing', async () => {
    const { code, lines } = await run('--suite', 'dut', '--grep', 'no such case', '--out', folder)

    expect(code).toBe(4)
    expect(lines.at(-1)).toBe('0 passed, 0 failed, 0 skipped')
  })

  test('is red without an engine for the suite that needs a real ACS, and says why', async () => {
    env = { ...process.env, DOCKER_HOST: noEngine }

    const { code, lines } = await run('--suite', 'interop', '--out', folder)

    expect(code).toBe(1)
    const { cases, because } = await verdictIn(folder)
    expect(cases.length).toBeGreaterThanOrEqual(40)
    expect(new Set(cases.map(({ verdict, reason }) => `${verdict}: ${reason}`))).toEqual(
      new Set([`UNTESTABLE: no Docker engine answers at ${noEngine}`]),
    )
    expect(because[0]).toMatch(/^\d+ MUSTs could not be tested: INT-/)
    expect(lines.join('\n')).toContain(`no Docker engine answers at ${noEngine}`)
    expect(lines.at(-1)).toMatch(/^0 passed, \d+ failed, \d+ skipped$/)
  })

  test('exits 130 after Ctrl-C with a partial report', async () => {
    const child = start('--suite', 'rpc', '--out', folder)
    const exited = once(child, 'exit') as Promise<[number | null]>
    await new Promise<void>((resolve) => {
      child.stdout?.on('data', (chunk) => /\d of \d+ ·/.test(String(chunk)) && resolve())
    })

    child.kill('SIGINT')

    const [code] = await exited
    expect(code).toBe(130)
    const verdict = await verdictIn(folder)
    expect(verdict.interrupted).toBe(true)
    expect(verdict.cases.length).toBeGreaterThan(0)
  })

  describe('with waivers', () => {
    const adapter = {
      kind: 'module',
      file: brokenAdapter,
      options: { mutant: 'adapter-calls-the-living-dead' },
    }
    const selection = (dut: string, out: string) => [
      ...['--dut', dut, '--suite', 'dut', '--grep', 'ADAPTER-00[14]', '--seed', '9', '--out', out],
    ]
    const waivers = async (id: string, change: object = {}) => {
      const file = join(folder, 'waivers.json')
      const waiver = {
        ...{
          id,
          kind: 'known-failure',
          expected: 'answer to alive while the device is in a session',
          reason: 'the adapter is being mended',
        },
        ...{ owner: 'Ada', link: 'https://issues.example.com/42', until: '2999-12-31', ...change },
      }
      await writeFile(file, JSON.stringify({ waivers: [waiver] }))
      return file
    }

    test('exits 0 when only what is known fails, and says that it is not met', async () => {
      const dut = await profile({ adapter })
      const file = await waivers('DUT-ADAPTER-004')

      const { code, lines } = await run(...selection(dut, folder), '--waivers', file)

      expect(code).toBe(0)
      expect(lines.join('\n')).toContain('conformance: 1 MUST is not met, 1 of them waived: DUT-ADAPTER-004')
      expect(lines.at(-1)).toBe('2 passed, 0 failed, 0 skipped')
      const verdict = await verdictIn(folder)
      expect(verdict.cases.map((subject) => subject.verdict)).toEqual(['PASS', 'WAIVED'])
      expect(verdict.waivers).toMatchObject([{ id: 'DUT-ADAPTER-004', state: 'holds' }])
      expect(verdict.commandLine).toContain('--waivers')
    })

    test('exits 1 when one is no longer true, and when one has expired', async () => {
      const dut = await profile({ adapter })

      const stale = await run(
        ...selection(dut, join(folder, 'a')),
        '--waivers',
        await waivers('DUT-ADAPTER-001'),
      )
      const file = await waivers('DUT-ADAPTER-004', { until: '2020-01-01' })
      const expired = await run(...selection(dut, join(folder, 'b')), '--waivers', file)

      expect([stale.code, expired.code]).toEqual([1, 1])
      expect(stale.lines.join('\n')).toContain('1 waiver is no longer true: DUT-ADAPTER-001')
      expect(expired.lines.join('\n')).toContain('1 waiver has expired: DUT-ADAPTER-004 (2020-01-01)')
    })

    test('meets again only what has failed, and exits 4 when nothing has', async () => {
      const dut = await profile({ adapter })
      const again = join(folder, 'again')
      await run(...selection(dut, join(folder, 'first')))

      const second = await run('--rerun-failed', join(folder, 'first'), '--out', again)
      const passed = await run('--suite', 'dut', '--grep', 'ADAPTER-001', '--out', join(folder, 'passed'))
      const third = await run('--rerun-failed', join(folder, 'passed'), '--out', join(folder, 'none'))

      expect([second.code, passed.code, third.code]).toEqual([1, 0, 4])
      const { cases, seed } = await verdictIn(again)
      expect([seed, cases.map(({ id }) => id)]).toEqual([9, ['DUT-ADAPTER-004']])
      expect(third.lines.at(-1)).toBe('0 passed, 0 failed, 0 skipped')
    })
  })

  test('shares a budget among the fuzzing cases, keeps to the phases, and reports what was met', async () => {
    const selection = ['--suite', 'fuzz', '--grep', 'FUZZ-SOAP-00[12]', '--out', folder]

    const { code, lines } = await run(...selection, '--budget', '20', '--phases', 'mutation', '--seed', '1')

    expect(code).toBe(0)
    const { cases } = await verdictIn(folder)
    expect(cases.map(({ id, fuzz }) => [id, fuzz?.perPhase])).toEqual([
      ['FUZZ-SOAP-001', { mutation: 10 }],
      ['FUZZ-SOAP-002', { mutation: 10 }],
    ])
    expect(lines.join('\n')).toMatch(/^FUZZ-SOAP-001 {2}10 cases in .* 0 distinct findings/m)
  })

  test('lists the cases as JSON and nothing else', async () => {
    const { code, lines } = await run('--suite', 'dut', '--list', 'json')

    const [first] = JSON.parse(lines.join('\n'))
    expect(code).toBe(0)
    expect(first).toEqual({
      id: 'DUT-ADAPTER-001',
      suite: 'dut',
      title: 'answers an unknown request with unsupported',
      level: 'MUST',
      clause: 'docs/writing-a-dut-adapter.md',
      file: 'suites/dut/adapter.test.ts',
    })
  })

  test('lists the cases of the selection only', async () => {
    const { lines } = await run('--suite', 'dut', '--grep', 'ADAPTER-00[12]', '--list')

    expect(lines.map((line) => line.split(' ')[0])).toEqual(['DUT-ADAPTER-001', 'DUT-ADAPTER-002'])
  })

  test('lists exactly one case for each requirement that the wire can show', async () => {
    const { lines } = await run('--list', 'json')

    const listed: string[] = JSON.parse(lines.join('\n')).map(({ id }: { id: string }) => id)
    const examinable = [...loadRequirements().values()]
      .filter(({ excluded, retired }) => excluded === undefined && retired === undefined)
      .map(({ id }) => id)
    expect(listed.toSorted()).toEqual(examinable.toSorted())
  })
})
