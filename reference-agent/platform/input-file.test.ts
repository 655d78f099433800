import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readInputFile, UnreadableFile } from './input-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'cwmp-input-'))
afterAll(() => rmSync(directory, { recursive: true }))

test('gives what is in a file', () => {
  writeFileSync(join(directory, 'file'), 'content')

  expect(readInputFile(join(directory, 'file')).toString()).toBe('content')
  expect(() => readInputFile(join(directory, 'file'), 6)).toThrow(new UnreadableFile('larger than 6 octets'))
})

test('waits for nobody at a pipe, and reads no device that never ends', () => {
  const pipe = join(directory, 'pipe')
  execFileSync('mkfifo', [pipe])

  for (const path of [pipe, '/dev/zero']) {
    expect(() => readInputFile(path)).toThrow(new UnreadableFile('no regular file'))
  }
})

test.each([
  ['none', 'ENOENT'],
  ['.', 'EISDIR'],
])('says of %s why it cannot be read', (name, reason) => {
  expect(() => readInputFile(join(directory, name))).toThrow(new UnreadableFile(reason))
})
