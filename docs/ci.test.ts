import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Arguments, parseArguments } from '../harness/launcher/arguments.ts'
import { suiteNames } from '../harness/suite-names.ts'
import { FakePrograms, read, yaml } from './fake-programs.ts'

const programs = new FakePrograms()
afterAll(() => programs.remove())

const { scripts, bin } = z
  .object({ scripts: z.record(z.string(), z.string()), bin: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))

/** What the launcher makes of `npm test -- …`. @throws UsageError when it does not take an option */
function launched(words: readonly string[]): Arguments {
  expect(words.slice(0, 2)).toEqual(['test', '--'])
  return parseArguments(words.slice(2), suiteNames)
}

/** As workflows write it. */
const expression = (text: string) => `$${`{{ ${text} }}`}`

describe('the action for GitHub', () => {
  const step = z.object({
    id: z.string().optional(),
    name: z.string().optional(),
    uses: z.string().optional(),
    if: z.string().optional(),
    shell: z.string().optional(),
    run: z.string().optional(),
    'working-directory': z.string().optional(),
    env: z.record(z.string(), z.string()).optional(),
    with: z.record(z.string(), z.unknown()).optional(),
  })
  // As the reference of metadata syntax has it; a composite action names a shell for each command.
  const action = z.strictObject({
    name: z.string(),
    description: z.string().max(125),
    branding: z.strictObject({ icon: z.string(), color: z.string() }),
    inputs: z.record(z.string(), z.strictObject({ description: z.string(), default: z.string() })),
    outputs: z.record(z.string(), z.strictObject({ description: z.string(), value: z.string() })),
    runs: z.strictObject({ using: z.literal('composite'), steps: z.array(step) }),
  })
  const [{ inputs, outputs, runs }] = z.tuple([action]).parse(yaml('../action.yml'))
  const main = runs.steps.find(({ id }) => id === 'run')
  const script = main?.run ?? ''

  /** Runs its command with these inputs, all others as they are by default. */
  function perform(given: Record<string, string>, code = 0) {
    const env = Object.entries(main?.env ?? {}).map(([name, value]) => {
      const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1] ?? ''
      return [name, given[input] ?? inputs[input]?.default ?? `no input ${input}`]
    })
    const GITHUB_OUTPUT = join(programs.folder, `output-${Math.random()}`)
    const done = programs.run(
      script,
      { ...Object.fromEntries(env), GITHUB_ACTION_PATH: '/action', GITHUB_OUTPUT, CODE: String(code) },
      // As GitHub starts it.
      ['bash', '--noprofile', '--norc', '-eo', 'pipefail'],
    )
    const [program, ...words] = done.words
    expect(program).toBe(`/action/${bin['cwmp-conformance']}`)
    return { ...done, given: parseArguments(words, suiteNames), output: readFileSync(GITHUB_OUTPUT, 'utf8') }
  }

  test('asks for everything where nothing is given', () => {
    const { given, code, output } = perform({})

    expect(given).toMatchObject({ suites: [], dut: undefined, out: inputs.report?.default })
    expect(code).toBe(0)
    expect(output).toBe('exit-code=0\n')
  })

  test('hands on what is given, and never reads it as a command', () => {
    const { given } = perform({
      profile: 'a file; $(touch pwned).json',
      suites: ' dut  rpc',
      options: '--level must --grep RPC-*',
      seed: '7',
      shard: '2/4',
    })

    expect(given).toMatchObject({
      ...{
        dut: 'a file; $(touch pwned).json',
        suites: ['dut', 'rpc'],
        grep: 'RPC-*',
        level: 'MUST',
        seed: 7,
      },
      shard: { index: 2, of: 4 },
    })
    expect(script).not.toContain('${{')
  })

  test('takes suites and options of several lines', () => {
    const { given } = perform({
      suites: 'dut\n  rpc session\n',
      options: '--level must\n\n--grep RPC-*\n--seed 7\n',
    })

    expect(given).toMatchObject({
      suites: ['dut', 'rpc', 'session'],
      level: 'MUST',
      grep: 'RPC-*',
      seed: 7,
    })
  })

  test('fails as the run does, but a shard only by an error', () => {
    expect([1, 2, 3, 4].map((code) => perform({}, code).code)).toEqual([1, 2, 3, 4])
    expect([1, 2, 3, 4].map((code) => perform({ shard: '1/2', seed: '1' }, code).code)).toEqual([0, 2, 3, 0])
    expect(perform({ shard: '1/2', seed: '1' }, 1).output).toBe('exit-code=1\n')
  })

  test('keeps the report in any case, installs what it needs, and tells what it promises', () => {
    const upload = runs.steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'))
    const install = runs.steps.find(({ name }) => name === 'install')

    expect(upload?.if).toContain('always()')
    expect(upload?.with?.path).toBe(expression('inputs.report'))
    expect(install).toMatchObject({
      run: 'npm ci --omit=dev',
      'working-directory': expression('github.action_path'),
    })
    for (const { run, shell } of runs.steps) expect(run === undefined || shell === 'bash').toBe(true)
    expect(outputs['exit-code']?.value).toBe(expression('steps.run.outputs.exit-code'))
  })

  test('is used by the workflow for a device with inputs that it has', () => {
    const workflow = z.object({
      jobs: z.object({
        device: z.object({ concurrency: z.string(), steps: z.array(step) }),
      }),
    })
    const [{ jobs }] = z.tuple([workflow]).parse(yaml('examples/github-device.yml'))
    const used = jobs.device.steps.find(({ uses }) => uses === './')

    expect(Object.keys(used?.with ?? {}).filter((name) => !(name in inputs))).toEqual([])
    const { given } = perform(used?.with as Record<string, string>)
    expect(given.suites.length).toBeGreaterThan(0)
    expect(() => read(String(given.dut).replace('docs/', ''))).not.toThrow()
  })
})

describe('the pipeline for GitLab', () => {
  const job = z.object({
    stage: z.string(),
    script: z.tuple([z.string()]),
    parallel: z.number().optional(),
    when: z.string().optional(),
    needs: z.array(z.string()).optional(),
    allow_failure: z.object({ exit_codes: z.array(z.number()) }).optional(),
    artifacts: z.object({
      when: z.literal('always'),
      paths: z.array(z.string()),
      reports: z.object({ junit: z.string() }).optional(),
    }),
  })
  const pipeline = z.object({
    stages: z.array(z.string()),
    default: z.object({ before_script: z.array(z.string()) }),
    shard: job,
    report: job,
  })
  const [{ stages, shard, report }] = z.tuple([pipeline]).parse(yaml('examples/gitlab-ci.yml'))

  test('gives each runner one shard, and all together are the run', () => {
    const of = shard.parallel ?? 0
    for (let index = 1; index <= of; index++) {
      const facts = { CI_NODE_INDEX: String(index), CI_NODE_TOTAL: String(of), CI_PIPELINE_IID: '77' }

      const given = launched(programs.run(shard.script[0], facts).words)

      expect(given).toMatchObject({ shard: { index, of }, seed: 77, out: `reports/shard-${index}` })
      expect(shard.artifacts.paths.map((path) => path.replace('$CI_NODE_INDEX', String(index)))).toEqual([
        given.out,
      ])
    }
    expect(of).toBeGreaterThan(1)
  })

  test('leaves verdicts to the merged report, which it shows as JUnit', () => {
    expect(shard.allow_failure?.exit_codes).toEqual([1, 4])
    expect(report).toMatchObject({ when: 'always', needs: ['shard'] })
    expect(stages).toEqual([shard.stage, report.stage])
    const { words } = programs.run(report.script[0])
    expect(words).toEqual(['run', 'merge-reports', '--', 'reports/shard-*', '--out', 'reports/merged'])
    expect(report.artifacts.reports?.junit).toBe('reports/merged/junit.xml')
  })
})

describe('the pipeline for Jenkins', () => {
  const file = read('examples/Jenkinsfile')
  const commands = [...file.matchAll(/\bsh (?:'''(.*?)'''|'([^'\n]*)')/gs)].map(
    ([, lines, line]) => lines ?? line ?? '',
  )
  const numbers = [...(/values (.*)/.exec(file)?.[1] ?? '').matchAll(/'(\d+)'/g)].map(([, number]) =>
    Number(number),
  )
  const shardCommand = commands.find((command) => command.includes('--shard')) ?? ''

  test('closes what it opens', () => {
    const bare = file.replace(/'''.*?'''|'[^'\n]*'|"[^"\n]*"|\/\/[^\n]*/gs, '')

    for (const [open, close] of ['{}', '()', '[]'].map((pair) => [...pair]))
      expect(bare.split(open ?? '').length, `${open}${close}`).toBe(bare.split(close ?? '').length)
    expect(bare).not.toMatch(/['"]/)
  })

  test('gives each agent one shard, and all together are the run', () => {
    const of = Number(/SHARDS = '(\d+)'/.exec(file)?.[1])
    expect(numbers).toEqual(Array.from({ length: of }, (_, at) => at + 1))
    for (const index of numbers) {
      const facts = { SHARD: String(index), SHARDS: String(of), BUILD_NUMBER: '77' }

      expect(launched(programs.run(shardCommand, facts).words)).toMatchObject({
        ...{ shard: { index, of }, seed: 77, out: `reports/shard-${index}` },
      })
    }
  })

  test('leaves verdicts to the merged report, which it shows as JUnit', () => {
    const facts = { SHARD: '1', SHARDS: '4', BUILD_NUMBER: '77' }
    const codes = [0, 1, 4, 3].map(
      (code) => programs.run(shardCommand, { ...facts, CODE: String(code) }).code,
    )

    expect(codes).toEqual([0, 0, 0, 3])
    expect(commands).toContain('npm run merge-reports -- reports/shard-* --out reports/merged')
    expect(file).toContain("junit testResults: 'reports/merged/junit.xml'")
  })
})

describe('each command of npm', () => {
  test.each([
    ...['ci.md', 'scaling.md', '../README.md', 'examples/Jenkinsfile', 'examples/gitlab-ci.yml'],
    ...['examples/github-actions.yml', 'examples/kubernetes-job.yaml'],
  ])('that %s names is there', (name) => {
    const named = [...read(name).matchAll(/npm run ([\w-]+)/g)].map(([, script]) => script ?? '')

    expect(named.filter((script) => !(script in scripts))).toEqual([])
  })

  test('and each option of the page is one', () => {
    const commands = [...read('ci.md').matchAll(/^(?:npm test --|npx cwmp-conformance) (.+)$/gm)].map(
      ([, words]) => words ?? '',
    )

    expect(commands.length).toBeGreaterThan(0)
    for (const words of commands) expect(() => parseArguments(words.split(' '), suiteNames)).not.toThrow()
  })
})
