import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
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

test('reads nothing that may never end', async () => {
  const socket = join(directory, 'socket')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(socket, resolve))

  for (const path of [socket, '/dev/zero'])
    expect(() => readInputFile(path)).toThrow(new UnreadableFile('no regular file'))
  await new Promise((resolve) => server.close(resolve))
})

test.each([
  ['none', 'ENOENT'],
  ['.', 'EISDIR'],
])('says of %s why it cannot be read', (name, reason) => {
  expect(() => readInputFile(join(directory, name))).toThrow(new UnreadableFile(reason))
})
