import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { referenceProfile } from '../dut/dut.ts'

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('npm test -- --watch runs the chosen cases, again after a change, and ends with 130', async () => {
  const dut = join(folder, 'dut.json')
  await mkdir(join(folder, 'src'))
  await writeFile(dut, JSON.stringify({ ...referenceProfile, watch: ['src'] }))
  const options = ['--suite', 'dut', '--grep', 'ADAPTER-001', '--out', join(folder, 'out')]
  const child = spawn(process.execPath, [cli, '--dut', dut, ...options, '--watch'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill())
  const exited = once(child, 'exit')
  let printed = ''
  const waits = () => printed.split('watch: waiting').length - 1
  const turn = (count: number) =>
    new Promise<void>((resolve) => {
      child.stdout.on('data', () => waits() >= count && resolve())
    })
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })

  await turn(1)
  await writeFile(join(folder, 'src', 'agent.c'), 'mended')
  await turn(2)
  child.kill('SIGINT')

  expect(await exited).toEqual([130, null])
  expect(printed.split('1 passed, 0 failed, 0 skipped')).toHaveLength(3)
  const seeds = [...printed.matchAll(/ · seed (\d+) · /g)].map(([, seed]) => seed)
  expect(new Set(seeds).size).toBe(1)
  expect(printed).toContain('agent.c')
}, 120_000)
