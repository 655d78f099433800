import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createDut } from '../../docs/examples/adapter.ts'
import { ScriptedAcs } from '../acs/acs.ts'
import { Transcript } from '../cwmp/transcript.ts'
import type { AdapterProfile } from './adapter-profile.ts'
import { type CommandName, commandPlaces } from './device-commands.ts'
import { loadProfile, openDut, type Profile, profileJsonSchema, selfCheck } from './dut.ts'
import { fillCommand, scriptOf } from './shell-template.ts'

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

describe('the profile', () => {
  const written = readdirSync(join(docs, 'examples')).filter((name) => /^dut-.*\.json$/.test(name))

  test.each(written)('%s is valid by the schema, and sound', async (name) => {
    const source: unknown = JSON.parse(readFileSync(join(docs, 'examples', name), 'utf8'))
    for (const variable of variablesOf(source)) vi.stubEnv(variable, 'set')
    onTestFinished(() => void vi.unstubAllEnvs())
    // The adapter in C has to be compiled first.
    const problem = await loadProfile(join(docs, 'examples', name)).then(
      () => undefined,
      (error: Error) => error.message,
    )

    expect(problem).toBe(
      name === 'dut-command-c.json' && !existsSync(join(docs, 'examples/adapter'))
        ? `${join(docs, 'examples', name)}: adapter.command[0]: expected an executable file, got ./adapter (no such file)`
        : undefined,
    )
  })

  test('of each kind of adapter is there', () => {
    const { oneOf } = (profileJsonSchema() as { properties: { adapter: { oneOf: unknown[] } } }).properties
      .adapter
    const kinds = oneOf.map(
      (option) => (option as { properties: { kind: { const: string } } }).properties.kind.const,
    )
    const shown = written.map(
      (name) => JSON.parse(readFileSync(join(docs, 'examples', name), 'utf8')).adapter.kind,
    )

    expect(new Set(shown)).toEqual(new Set(kinds))
  })

  test.each(written)('%s gives its commands a syntax that a shell reads', (name) => {
    const { adapter } = JSON.parse(readFileSync(join(docs, 'examples', name), 'utf8'))
    for (const [ability, command] of Object.entries<string | string[]>(adapter.commands ?? {})) {
      const lines = [command].flat().join('\n')
      // Filled with what has to be quoted, and read by a shell that does nothing.
      const values = Object.fromEntries(
        commandPlaces[ability as CommandName].map((place) => [place, `it's "$(false)" #`]),
      )
      const { status, stderr } = spawnSync('sh', ['-n'], {
        input: scriptOf(fillCommand(lines, values)),
        encoding: 'utf8',
      })
      expect({ ability, status, stderr }).toEqual({ ability, status: 0, stderr: '' })
    }
  })
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

/**
 * The keys of the schema that the guide has a row for, each with its default; objects are gone into but for those below `parameters`, `tables` and
 * `files`. The statement has a page of its own (docs/ics.md), which ics.test.ts looks after.
 */
function keysOf(schema: unknown, path: readonly string[] = []): Key[] {
  if (path[0] === 'ics') return []
  const { properties, oneOf } = schema as { properties?: Record<string, unknown>; oneOf?: unknown[] }
  if (oneOf) return oneOf.flatMap((option) => keysOf(option, path))
  const isEntry = ['parameters', 'tables', 'files'].includes(path.at(-2) ?? '')
  if (properties && !isEntry)
    return Object.entries(properties).flatMap(([key, value]) => keysOf(value, [...path, key]))
  const shown = path[0] === 'pixit' ? path.slice(1) : path
  return [{ path: shown.join('.'), value: (schema as { default?: unknown }).default }]
}

function leaves(value: unknown): string[] {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object') return [String(value)]
  const members = Object.values(value)
  if (members.length > 0) return members.flatMap(leaves)
  return [Array.isArray(value) ? '[]' : '{}']
}

/** Names of the variables that a profile takes its passwords from. */
function variablesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const { env } = value as { env?: unknown }
  return [...(typeof env === 'string' ? [env] : []), ...Object.values(value).flatMap(variablesOf)]
}
