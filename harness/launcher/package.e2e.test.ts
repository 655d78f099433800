import { execFile } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

/** What `npm pack` makes, installed into an empty folder as npm does it, but with the packages that are here already. */
describe('the package, installed in an empty folder,', { timeout: 300_000 }, () => {
  let folder: string
  let installed: string
  let env: NodeJS.ProcessEnv

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'cwmp-package-')))
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root })
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
    installed = join(folder, 'node_modules/cwmp-conformance')
    mkdirSync(installed, { recursive: true })
    await run('tar', ['-xzf', join(folder, filename), '-C', installed, '--strip-components=1'])
    const { bin, dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
    for (const name of Object.keys(dependencies)) {
      const link = join(folder, 'node_modules', name)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(realpathSync(join(root, 'node_modules', name)), link)
    }
    mkdirSync(join(folder, 'node_modules/.bin'))
    for (const [name, file] of Object.entries<string>(bin)) {
      chmodSync(join(installed, file), 0o755)
      symlinkSync(join('../cwmp-conformance', file), join(folder, 'node_modules/.bin', name))
    }
    env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') }
    delete env.NODE_COMPILE_CACHE
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  const command = (name: string, ...args: string[]) =>
    run(process.execPath, [join(folder, 'node_modules/.bin', name), ...args], { cwd: folder, env }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    )

  test('has the suites and no test of our own', () => {
    const tests = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.test.ts'),
    )

    expect(tests.length).toBeGreaterThan(0)
    expect(tests.filter((path) => !path.startsWith('suites/'))).toEqual([])
    expect(existsSync(join(installed, 'docs/dut.schema.json'))).toBe(true)
  })

  test('examines the reference agent, and leaves the report where it was started', async () => {
    const { code, stdout, stderr } = await command('cwmp-conformance', '--suite', 'dut')

    expect(stderr).toBe('')
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^1[0-9] passed, 0 failed, \d+ skipped$/)
    expect(code).toBe(0)
    expect(existsSync(join(folder, 'reports/latest/index.html'))).toBe(true)
    // Nothing was written where packages lie.
    expect(readdirSync(join(folder, 'node_modules')).sort()).not.toContain('.cache')
  })

  test('calls itself by its own name, and ends with the exit codes of npm test', async () => {
    const help = await command('cwmp-conformance', '--help')
    const wrong = await command('cwmp-conformance', '--suite', 'trasport')
    const merge = await command('cwmp-conformance-merge', 'nowhere')

    expect(help.stdout).toMatch(/^Usage: cwmp-conformance \[options\]/)
    expect(help.code).toBe(0)
    expect(wrong.stderr).toContain('did you mean "transport"?')
    expect(wrong.code).toBe(2)
    expect(merge.code).toBe(2)
    // One copy served them all.
    expect(readdirSync(join(folder, 'cache/cwmp-conformance'))).toHaveLength(1)
  })

  test.each([
    ['compare', 'OLD NEW', 'nowhere: expected the folder of a report'],
    ['ics-draft', '--dut FILE', '--dut: expected a profile with at least "adapter", got nothing; see cwmp-'],
    ['merge', 'DIR', 'there is no report to merge'],
    ['verify-bundle', 'FOLDER', 'nowhere'],
  ])('brings the program %s, which calls itself by its own name, too', async (program, takes, expected) => {
    const name = `cwmp-conformance-${program}`
    const words = program === 'compare' ? ['nowhere', 'nowhere'] : program === 'ics-draft' ? [] : ['nowhere']

    const help = await command(name, '--help')
    const wrong = await command(name, ...words)

    expect(help.stdout).toContain(`Usage: ${name} ${takes}`)
    expect(help.stdout).not.toMatch(/npm (test|run [\w-]+ --)/)
    expect([help.code, help.stderr]).toEqual([0, ''])
    expect(wrong.stderr).toContain(expected)
    expect(wrong.code).toBe(2)
  })

  test('says so when there is no place for its copy', async () => {
    writeFileSync(join(folder, 'file'), '')
    env = { ...env, XDG_CACHE_HOME: join(folder, 'file') }

    const { code, stderr } = await command('cwmp-conformance', '--help')

    expect(stderr).toMatch(
      /^cwmp-conformance: no place for a copy of the suite: .* \(XDG_CACHE_HOME names another\)\n$/,
    )
    expect(code).toBe(3)
  })
})
