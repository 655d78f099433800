import { expect, test } from 'vitest'
import { DueSession } from './due-session.ts'

const request = { askedAtMs: 100, atMs: 140 }

test.each([
  ['before the request was sent', 99, true],
  ['between the request and its answer', 120, true],
  ['with the answer', 140, false],
  ['after the answer', 500, false],
])('an Inform %s: %s ms, older: %s', (_, informAtMs, older) => {
  expect(new DueSession().isOlder(informAtMs, request)).toBe(older)
})

test('a device that always opens its session before it grants it is believed in the end', () => {
  const due = new DueSession()

  due.followed(120, request, false)
  const once = due.isOlder(120, request)
  due.followed(120, request, false)

  expect(once).toBe(true)
  expect(due.isOlder(120, request)).toBe(false)
  expect(due.isOlder(99, request)).toBe(true)
})

test('one session that followed takes the belief away; one before the request says nothing about it', () => {
  const due = new DueSession()

  due.followed(120, request, false)
  due.followed(120, request, true)
  due.followed(99, request, false)
  due.followed(120, request, false)

  expect(due.isOlder(120, request)).toBe(true)
})
