import { readFile } from 'node:fs/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { isSystemError, sayUnforeseen } from './system-error.ts'

afterEach(() => void vi.restoreAllMocks())

test('what the operating system would not do is one line; a fault of the program comes with its stack', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  const missing: unknown = await readFile('/nowhere/at/all').catch((error: unknown) => error)
  const fault = new TypeError('no function')

  expect([sayUnforeseen(missing), sayUnforeseen(fault)]).toEqual([3, 3])

  expect(said.mock.calls).toEqual([["ENOENT: no such file or directory, open '/nowhere/at/all'"], [fault]])
})

test('an error of Node that has a code is none of the operating system', () => {
  const wrong = Object.assign(new TypeError('wrong'), { code: 'ERR_INVALID_ARG_TYPE' })

  expect([isSystemError(wrong), isSystemError('ENOSPC'), isSystemError(undefined)]).toEqual([
    false,
    false,
    false,
  ])
})
