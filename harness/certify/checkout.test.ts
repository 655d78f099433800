import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changeSince, lookAtCheckout } from './checkout.ts'

const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com']
let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'checkout-'))
  git('init', '-q')
  for (const name of ['suites', 'docs']) mkdirSync(join(root, name))
  write('suites/a.test.ts')
  write('docs/a.md')
  git('add', '.')
  git(...author, 'commit', '-qm', 'all')
})
afterEach(() => rmSync(root, { recursive: true }))

function git(...args: string[]): string {
  return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' })
}

function write(path: string, content = ''): void {
  writeFileSync(join(root, path), content)
}

test('a clean checkout is known by its commit', async () => {
  expect(await lookAtCheckout(root)).toEqual({ commit: git('rev-parse', 'HEAD').trim() })
})

test('a profile of the user beside the suite leaves it clean', async () => {
  write('dut.json')
  write('docs/note.md')

  expect(await lookAtCheckout(root)).toHaveProperty('commit')
})

test.each([
  ['a file that was changed', () => write('suites/a.test.ts', 'test.skip'), 'suites/a.test.ts'],
  ['one outside of the code that was changed', () => write('docs/a.md', 'x'), 'docs/a.md'],
  ['a file that was removed', () => rmSync(join(root, 'suites/a.test.ts')), 'suites/a.test.ts'],
  ['one that was added among the suites', () => write('suites/b.test.ts'), 'suites/b.test.ts'],
])('%s makes it dirty', async (_what, change, path) => {
  change()

  expect(await lookAtCheckout(root)).toEqual({ problem: `the checkout is dirty: ${path}` })
})

test('several are named, and many are counted', async () => {
  for (const name of 'bcdefghijk') write(`suites/${name}.ts`)

  expect(await lookAtCheckout(root)).toEqual({
    problem: `the checkout is dirty: ${[...'bcdefghi'].map((name) => `suites/${name}.ts`).join(', ')} and 2 more`,
  })
})

describe('since its commit', () => {
  const commit = () => git('rev-parse', 'HEAD').trim()

  test('nothing has changed', async () => {
    expect(await changeSince(root, commit())).toBeUndefined()
  })

  test('a file was changed', async () => {
    write('suites/a.test.ts', 'test.skip')

    expect(await changeSince(root, commit())).toBe('the checkout is dirty: suites/a.test.ts')
  })

  test('another one was checked out, which is clean', async () => {
    const before = commit()
    write('docs/a.md', 'x')
    git(...author, 'commit', '-qam', 'more')

    expect(await changeSince(root, before)).toBe(`the commit was ${before} and is ${commit()}: docs/a.md`)
  })
})

test('what is no checkout, or only lies in that of something else, cannot be seen', async () => {
  const problem = expect.stringContaining('the suite is no git checkout')

  expect(await lookAtCheckout(join(root, 'suites'))).toEqual({ problem })
  expect(await lookAtCheckout(tmpdir())).toEqual({ problem })
})
