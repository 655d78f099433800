import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

const suites = ['dut', 'rpc', 'session', 'transport', 'notification', 'connection-request', 'xmpp']

test.each([
  ['sesion', 'session', 'a dropped letter'],
  ['trasnport', 'transport', 'two letters swapped'],
  ['rcp', 'rpc', 'a swap in a short name'],
  ['RPC', 'rpc', 'another case'],
  ['xmmp', 'xmpp', 'a changed letter'],
  ['conection-reqest', 'connection-request', 'two dropped letters'],
  ['notif', 'notification', 'the beginning of one candidate only'],
  ['duts', 'dut', 'a letter too many'],
])('%s means %s: %s', (typed, meant) => {
  expect(nearest(typed, suites)).toBe(meant)
})

test.each(['', 'q', 'bananas', 'zz', 'gui'])('"%s" resembles nothing', (typed) => {
  expect(nearest(typed, suites)).toBeUndefined()
})

test('a beginning that several candidates share is no suggestion', () => {
  expect(nearest('informs', ['informsPeriodicInterval', 'informsPeriodicTime'])).toBeUndefined()
})

test('the first candidate wins a tie', () => {
  expect(nearest('bat', ['cat', 'rat'])).toBe('cat')
})

test('no candidates, no suggestion', () => {
  expect(nearest('rpc', [])).toBeUndefined()
})
