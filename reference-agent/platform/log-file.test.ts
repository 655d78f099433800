import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LogFile } from './log-file.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-log-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('keeps one older file when the file would grow too large', () => {
  const path = join(directory, 'deep', 'agent.log')
  const file = new LogFile(path, 20)

  for (const line of ['first line', 'second', 'third line', 'x'.repeat(30), 'last']) file.write(line)
  file.close()

  expect(readFileSync(path, 'utf8')).toBe('last\n')
  expect(readFileSync(`${path}.1`, 'utf8')).toBe(`${'x'.repeat(30)}\n`)
})

test('goes on where the agent before it ended', () => {
  const path = join(directory, 'agent.log')
  for (const line of ['one', 'two']) {
    const file = new LogFile(path, 1000)
    file.write(line)
    file.close()
  }

  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
})
