import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { faultOf } from './failure.ts'
import { PartialFile } from './partial-file.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-partial-'))
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('holds what was written', () => {
  const file = new PartialFile(join(directory, 'new', 'part'), 100)
  file.write(Buffer.from('one '))
  file.write(Buffer.from('two'))
  file.finish()

  expect(readFileSync(file.path, 'utf8')).toBe('one two')
  expect(file.size).toBe(7)
})

test('begins anew over what an earlier attempt left', () => {
  new PartialFile(join(directory, 'part'), 100).write(Buffer.from('longer than'))
  const file = new PartialFile(join(directory, 'part'), 100)
  file.write(Buffer.from('short'))
  file.finish()

  expect(readFileSync(file.path, 'utf8')).toBe('short')
})

test('goes on with what is there, from where it is told', () => {
  const first = new PartialFile(join(directory, 'part'), 100)
  first.write(Buffer.from('one two'))
  first.close()
  first.close()

  const file = new PartialFile(first.path, 100, { isKept: true })
  expect(file.size).toBe(7)
  file.truncate(9)
  file.truncate(4)
  file.write(Buffer.from('three'))
  file.finish()

  expect(readFileSync(file.path, 'utf8')).toBe('one three')
})

test('takes as much as it may and no more', () => {
  const file = new PartialFile(join(directory, 'part'), 4)
  file.expect(4)
  file.write(Buffer.from('four'))

  expect(() => file.expect(5)).toThrow('more than 4 octets')
  expect(() => file.write(Buffer.from('!'))).toThrow('more than 4 octets')
  expect(file.size).toBe(4)
})

test('a full disk is 9010', () => {
  const file = new PartialFile('/dev/full', 100)
  let failure: unknown
  try {
    file.write(Buffer.from('x'))
  } catch (error) {
    failure = error
  }

  expect(faultOf(failure, true).code).toBe(9010)
  expect(faultOf(failure, false).code).toBe(9011)
})
