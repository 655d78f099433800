import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDut } from '../../docs/examples/adapter.ts'
import { ScriptedAcs } from '../acs/acs.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { loadProfile, openDut, type Profile, profileJsonSchema, selfCheck } from './dut.ts'
import type { AdapterProfile } from './profile.ts'

/** What docs/ promises to the writers of adapters, tried. */
const docs = fileURLToPath(new URL('../../docs/', import.meta.url))
const guide = readFileSync(join(docs, 'writing-a-dut-adapter.md'), 'utf8')
/** A device that does nothing, as the guide has it; it takes any option. */
const idleProgram = ['sh', '-c', 'exec sleep 1000', 'agent']
const compiler = process.env.CC ?? 'cc'
const compiles = spawnSync(compiler, ['--version']).status === 0

let stateDir: string
beforeAll(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'examples-'))
})
afterAll(() => rmSync(stateDir, { recursive: true }))

test('the exported schema is that of the profile', () => {
  // To renew it: node --input-type=module -e
  // "import('./harness/dut/dut.ts').then((dut) => console.log(JSON.stringify(dut.profileJsonSchema())))" > docs/dut.schema.json
  // and npx biome format --write docs/dut.schema.json
  expect(JSON.parse(readFileSync(join(docs, 'dut.schema.json'), 'utf8'))).toEqual(profileJsonSchema())
})

test('the guide names every key of the profile, with the default it has', () => {
  const unnamed = keysOf(profileJsonSchema()).filter(({ path, value }) => {
    const named = guide.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${path}\``))
    return named === undefined || !leaves(value).every((text) => named.includes(`\`${text}\``))
  })

  expect(unnamed).toEqual([])
})

test.each(['reference', 'module', 'command-shell'])('the profile dut-%s.json is sound', async (name) => {
  const profile = await loadProfile(join(docs, `examples/dut-${name}.json`))

  expect(profile.cwmp.version).toBe('1.4')
})

test('the module says what its options lack', () => {
  expect(() => createDut({ options: {}, stateDir, log: () => {} })).toThrow(
    'adapter.options.program: expected a list',
  )
})

test('the dialogue of the guide is that of the adapter in shell', () => {
  const dialogue = /```text\n(.*?)```/s.exec(guide)?.[1] ?? ''
  const said = (mark: string) =>
    [...dialogue.matchAll(new RegExp(`^${mark} (.*)$`, 'gm'))].map(([, line]) => line)

  const answers = execFileSync(join(docs, 'examples/adapter.sh'), idleProgram, {
    input: said('>')
      .map((line) => `${line}\n`)
      .join(''),
    env: { ...process.env, CWMP_DUT_STATE_DIR: mkdtempSync(join(stateDir, 'dialogue-')) },
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  })

  expect(answers.trimEnd().split('\n')).toEqual(said('<'))
  expect(said('<')).toHaveLength(8)
})

describe('the self check holds for', () => {
  /** Examines an adapter and closes it, which complains when something is left running. */
  async function examine(profile: Profile, acsUrl = 'http://127.0.0.1:9/'): Promise<string[]> {
    const dut = await openDut(profile, { stateDir: mkdtempSync(join(stateDir, 'dut-')) })
    try {
      const provisioning = { acsUrl, username: 'cpe', password: 'open "sesame"' }
      const findings = await selfCheck(dut, { profile, provisioning })
      return findings.map(({ check, holds, actual }) => (holds ? check : `${check}: ${actual}`))
    } finally {
      await dut.close()
    }
  }
  const checks = ['unknown request', 'required abilities', 'provision', 'alive']
  const load = (name: string) => loadProfile(join(docs, `examples/dut-${name}.json`))
  const idle = (adapter: AdapterProfile): AdapterProfile => {
    if (adapter.kind === 'module') return { ...adapter, options: { program: idleProgram } }
    if (adapter.kind !== 'command') return adapter
    return { ...adapter, command: [adapter.command[0] ?? '', ...idleProgram] }
  }

  test('the module', async () => {
    const profile = await load('module')

    expect(await examine({ ...profile, adapter: idle(profile.adapter) })).toEqual([
      ...checks,
      'powerCycle',
      'factoryReset',
    ])
  })

  test('the adapter in shell', async () => {
    const profile = await load('command-shell')

    expect(await examine({ ...profile, adapter: idle(profile.adapter) })).toEqual([
      ...checks,
      'readLogs',
      'powerCycle',
      'factoryReset',
    ])
  })

  test.skipIf(!compiles)('the adapter in C', async () => {
    const folder = join(stateDir, 'c')
    cpSync(join(docs, 'examples'), folder, { recursive: true })
    execFileSync(compiler, ['-std=c99', '-Wall', '-Wextra', '-Werror', '-o', 'adapter', 'adapter.c'], {
      cwd: folder,
    })
    const profile = await loadProfile(join(folder, 'dut-command-c.json'))

    expect(await examine({ ...profile, adapter: idle(profile.adapter) })).toEqual([
      ...checks,
      'readLogs',
      'powerCycle',
      'factoryReset',
    ])
  })
})

test.each(['command-shell', 'module'])('dut-%s.json brings the reference agent to our ACS', async (name) => {
  const profile = await loadProfile(join(docs, `examples/dut-${name}.json`))
  const acs = await ScriptedAcs.listen({ transcript: new Transcript() })
  const dut = await openDut(profile, { stateDir: mkdtempSync(join(stateDir, 'dut-')) })

  await dut.provision({ acsUrl: acs.url, username: 'cpe', password: 'open "sesame"' })
  const session = await acs.nextSession()
  await session.end()

  expect(session.eventCodes).toContain('0 BOOTSTRAP')
  await dut.close()
  await acs.close()
})

interface Key {
  readonly path: string
  readonly value: unknown
}

/** The keys of the schema that the guide has a row for, each with its default; objects are gone into but for those below `parameters`, `tables` and `files`. */
function keysOf(schema: unknown, path: readonly string[] = []): Key[] {
  const { properties, oneOf } = schema as { properties?: Record<string, unknown>; oneOf?: unknown[] }
  if (oneOf) return oneOf.flatMap((option) => keysOf(option, path))
  const isEntry = ['parameters', 'tables', 'files'].includes(path.at(-2) ?? '')
  if (properties && !isEntry)
    return Object.entries(properties).flatMap(([key, value]) => keysOf(value, [...path, key]))
  const shown = path[0] === 'ics' || path[0] === 'pixit' ? path.slice(1) : path
  return [{ path: shown.join('.'), value: (schema as { default?: unknown }).default }]
}

function leaves(value: unknown): string[] {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object') return [String(value)]
  const members = Object.values(value)
  if (members.length > 0) return members.flatMap(leaves)
  return [Array.isArray(value) ? '[]' : '{}']
}
