import { writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FileChanges } from './file-changes.ts'
import { type Changes, repeatOnChange, watchAgent, withoutWatch } from './watch.ts'

let folder: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'watch-')))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the files of an agent', () => {
  let changes: FileChanges | undefined
  const { signal } = new AbortController()
  afterEach(() => changes?.close())

  test('a change anywhere below a folder is told, several at once in one piece', async () => {
    await mkdir(join(folder, 'a', 'b'), { recursive: true })
    changes = new FileChanges([folder], { quietMs: 50 })

    const next = changes.next(signal)
    // Both before anything is told of the first, however long the machine takes.
    writeFileSync(join(folder, 'a', 'b', 'deep.c'), 'x')
    writeFileSync(join(folder, 'top.c'), 'x')

    const told = await next
    expect(told).toContain(join(folder, 'a', 'b', 'deep.c'))
    expect(told).toContain(join(folder, 'top.c'))
    expect(changes.take()).toEqual([])
  })

  test('a single file counts even if it is replaced by another of its name, its neighbours do not', async () => {
    await writeFile(join(folder, 'agent'), 'old')
    changes = new FileChanges([join(folder, 'agent')], { quietMs: 20 })

    const next = changes.next(signal)
    await writeFile(join(folder, 'neighbour'), 'x')
    await rename(join(folder, 'neighbour'), join(folder, 'agent'))

    expect(await next).toEqual([join(folder, 'agent')])
  })

  test('what is no source, or was excepted, does not count', async () => {
    for (const name of ['node_modules', '.git', 'reports']) await mkdir(join(folder, name))
    changes = new FileChanges([folder], { quietMs: 20, except: [join(folder, 'reports')] })

    const next = changes.next(signal)
    for (const name of ['node_modules', '.git', 'reports']) await writeFile(join(folder, name, 'x'), '')
    await writeFile(join(folder, 'reports.c'), '')

    expect(await next).toEqual([join(folder, 'reports.c')])
  })

  test('the wait ends when it is no longer wanted', async () => {
    changes = new FileChanges([folder])
    const stop = new AbortController()

    const next = changes.next(stop.signal)
    stop.abort(new Error('enough'))

    await expect(next).rejects.toThrow('enough')
  })
})

describe('repeating', () => {
  /** Changes by the round: during it, and after it if it was quiet. The end of both is the end of everything. */
  async function rounds(during: string[][], after: string[][]): Promise<{ runs: number; said: string[] }> {
    const stop = new AbortController()
    const said: string[] = []
    let runs = 0
    const changes: Changes = {
      take: () => during.shift() ?? [],
      next: async () => {
        const next = after.shift()
        if (next === undefined) stop.abort()
        return next ?? []
      },
    }
    const run = async () => {
      runs += 1
    }
    await repeatOnChange({ changes, run, say: (line) => said.push(line), signal: stop.signal })
    return { runs, said }
  }

  test('runs at once, and again for each change', async () => {
    const { runs, said } = await rounds([], [['a.c'], ['b.c', 'c.c', 'd.c', 'e.c']])

    expect(runs).toBe(3)
    const waiting = 'waiting for a change of the agent (Ctrl-C ends)'
    expect(said).toEqual([waiting, 'changed: a.c', waiting, 'changed: b.c, c.c, d.c and 1 more', waiting])
  })

  test('a change during a run is answered with another', async () => {
    const { runs, said } = await rounds([['a.c'], []], [])

    expect(runs).toBe(2)
    expect(said[0]).toBe('changed: a.c')
  })

  test('a file that the runs write does not keep them running for ever', async () => {
    const log = ['agent.log']

    const { runs, said } = await rounds([log, log, log, log], [log, ['a.c']])

    expect(runs).toBe(3)
    expect(said).toContain('agent.log changes with every run: its changes do not count any more')
  })
})

test.each([
  [
    ['--watch', 'src', '--suite', 'rpc'],
    ['--suite', 'rpc', '--seed', '7'],
  ],
  [
    ['--watch', '--suite', 'rpc', '--seed=3'],
    ['--suite', 'rpc', '--seed=3'],
  ],
  [
    ['--watch=src', '--', '--bail', '1'],
    ['--seed', '7', '--', '--bail', '1'],
  ],
])('the round of %j is %j', (argv, expected) => {
  expect(withoutWatch(argv, 7)).toEqual(expected)
})

test.each([
  [['/nowhere'], undefined, '--watch "/nowhere": no such file or folder'],
  [[], ['/nowhere'], 'dut.json: watch: /nowhere: no such file or folder'],
  [[], undefined, '--watch needs the path of the agent'],
])('without a path that is there it is a wrong usage: %j, %j', async (watch, inProfile, expected) => {
  const adapter = { kind: 'command' as const, command: ['x'], environment: {}, folder: '/' }

  const ends = watchAgent(
    [],
    { watch, dut: 'dut.json', seed: 1, out: undefined },
    { adapter, watch: inProfile },
  )

  await expect(ends).rejects.toThrow(expected)
})
