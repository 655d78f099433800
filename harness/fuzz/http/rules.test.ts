import { expect, test } from 'vitest'
import { type AnswerRule, combined, expectedOf, judge } from './rules.ts'

const read: AnswerRule = { effect: 'read', clause: 'read' }
const advised: AnswerRule = { effect: 'read', clause: 'advised', level: 'SHOULD' }
const fails: AnswerRule = { effect: 'fails', clause: 'fails' }
const open: AnswerRule = { effect: 'open', clause: 'open', isHeavy: true }

test('takes an answer with nothing wrong for one that has to be read', () => {
  expect(combined([]).effect).toBe('read')
  expect(combined([read, advised])).toMatchObject({ effect: 'read', level: 'SHOULD' })
})

test('binds the device to the one thing that is wrong, and to nothing when there are two', () => {
  expect(combined([read, fails])).toMatchObject({ effect: 'fails', clause: 'fails' })
  expect(combined([fails, fails]).effect).toBe('open')
  expect(combined([read, open])).toMatchObject({ effect: 'open', isHeavy: true })
})

test('permits the end of the session where the answer was its last', () => {
  expect(expectedOf(read, false)).toEqual(['goes on'])
  expect(expectedOf(read, true)).toContain('ends')
  expect(expectedOf(fails, true)).toEqual(['gives up'])
})

test.each([
  [read, 'goes on', false],
  [read, 'ends', true],
  [fails, 'gives up', false],
  [open, 'refuses', false],
] as const)('lets %j be met with %s', (rule, reaction, isEnd) => {
  expect(judge(rule, { reaction, isEnd })).toBeUndefined()
})

test.each([
  [read, 'gives up', false, 'MUST'],
  [read, 'ends', false, 'MUST'],
  [advised, 'gives up', false, 'SHOULD'],
  [fails, 'goes on', false, 'MUST'],
  [fails, 'ends', true, 'MUST'],
  [open, 'repeats', false, 'MUST'],
] as const)('finds fault with %j met with %s', (rule, reaction, isEnd, level) => {
  expect(judge(rule, { reaction, isEnd })).toMatchObject({ kind: 'answer', actual: reaction, level })
})
