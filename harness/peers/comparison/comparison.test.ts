import { describe, expect, test } from 'vitest'
import { type Difference, type Seen, undeclared } from './comparison.ts'

const seen = (facts: Record<string, Record<string, string>>): Seen => new Map(Object.entries(facts))
const row = (changes: Partial<Difference> = {}): Difference => ({
  exchanges: ['hello'],
  fact: 'status',
  scripted: '200',
  real: '204',
  why: 'either will do',
  ...changes,
})

describe('what differs', () => {
  const scripted = seen({ hello: { status: '200', same: 'yes' }, bye: { status: '200' } })
  const real = seen({ hello: { status: '204', same: 'yes' }, bye: { status: '200' } })

  test('is told where the table says nothing of it', () => {
    expect(undeclared(scripted, real, [])).toEqual(['besides: hello, status: scripted "200", real "204"'])
  })

  test('is no news where the table has it', () => {
    expect(undeclared(scripted, real, [row()])).toEqual([])
  })

  test('has to be what the table has', () => {
    expect(undeclared(scripted, real, [row({ real: '404' })])).toEqual([
      'besides: hello, status: scripted "200", real "204"',
      'not seen: hello, status: scripted "200", real "404"',
    ])
  })

  test('is told where the table has it and it is gone', () => {
    expect(undeclared(scripted, real, [row(), row({ exchanges: ['bye'] })])).toEqual([
      'not seen: bye, status: scripted "200", real "204"',
    ])
  })

  test('has to be in each exchange if the table says so of all', () => {
    expect(undeclared(scripted, real, [row({ exchanges: 'all' })])).toEqual([
      'not seen: bye, status: scripted "200", real "204"',
    ])
  })

  test('may be a fact or an exchange that only one of them has', () => {
    expect(undeclared(seen({}), seen({ hello: { status: '204' } }), [])).toEqual([
      'besides: hello, status: scripted "none", real "204"',
    ])
  })
})
