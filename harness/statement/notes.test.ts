import { expect, test } from 'vitest'
import { KEPT, QUESTION } from './answers.ts'
import { keepNotes } from './notes.ts'

test('a remark of a person stays, and what the draft has to say under its key stands beside it', () => {
  const mine = { 'ics.Upload': 'not in the data sheet', why: 'see the issue' }

  const once = keepNotes(mine, { 'ics.Upload': 'GetRPCMethods lists Upload', 'ics.Reboot': 'x' })

  expect(once).toEqual({
    ...mine,
    'ics.Upload (seen now)': 'GetRPCMethods lists Upload',
    'ics.Reboot': 'x',
  })
  expect(keepNotes(once, { 'ics.Upload': 'GetRPCMethods was refused', 'ics.Reboot': 'x' })).toEqual({
    ...mine,
    'ics.Upload (seen now)': 'GetRPCMethods was refused',
    'ics.Reboot': 'x',
  })
})

test('what an earlier draft has asked or told goes when it is no longer so', () => {
  const older = { a: `${QUESTION}does it?`, b: `${KEPT}true; but it does not`, c: 'tried: it came' }

  expect(keepNotes(older, { a: `${QUESTION}does that?` })).toEqual({ a: `${QUESTION}does that?` })
})
