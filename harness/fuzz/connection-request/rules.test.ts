import { describe, expect, test } from 'vitest'
import { combined, judge, type Reaction } from './rules.ts'

const open = { effect: 'open', clause: 'syntax' } as const
const refused = { effect: 'refused', clause: 'digest' } as const
const noise = { effect: 'refused', maySilent: true, clause: 'noise' } as const

function reaction(statuses: readonly number[], sessions = 0, ending: Reaction['ending'] = 'open'): Reaction {
  return { statuses, sessions, ending, leaks: false }
}

describe('what a request with several breakages is', () => {
  test('is proper when nothing is broken and the password is known', () => {
    expect(combined('right', []).effect).toBe('proper')
    expect(combined('right', [open]).effect).toBe('open')
  })

  test('is refused when one thing says so, and without the password in any case', () => {
    expect(combined('right', [open, refused])).toMatchObject({ effect: 'refused', clause: 'digest' })
    expect(combined('wrong', [open]).effect).toBe('refused')
    expect(combined('none', []).effect).toBe('refused')
  })

  test('may be met with silence when one of them may', () => {
    expect(combined('right', [open]).maySilent).toBe(false)
    expect(combined('right', [open, noise]).maySilent).toBe(true)
  })
})

describe('the oracle', () => {
  const proper = combined('right', [])
  const wrongPassword = combined('wrong', [])

  test.each([
    [proper, reaction([200], 1)],
    [proper, reaction([204], 1)],
    [proper, reaction([503])],
    [combined('right', [open]), reaction([200], 1)],
    [combined('right', [open]), reaction([400])],
    [combined('right', [open]), reaction([], 0, 'closed')],
    [wrongPassword, reaction([401])],
    [wrongPassword, reaction([], 0, 'closed')],
    [combined('right', [noise]), reaction([])],
  ])('lets %j be met with %j', (rule, came) => {
    expect(judge(rule, came)).toBeUndefined()
  })

  test.each([
    [proper, reaction([401]), 'answer', 'MUST'],
    [proper, reaction([200]), 'answer', 'MUST'],
    [proper, reaction([]), 'hang', 'MUST'],
    [proper, reaction([], 0, 'closed'), 'answer', 'MUST'],
    [combined('right', [open]), reaction([302]), 'answer', 'MUST'],
    [combined('right', [open]), reaction([400], 1), 'answer', 'MUST'],
    [wrongPassword, reaction([200], 1), 'answer', 'MUST'],
    [wrongPassword, reaction([401], 1), 'answer', 'MUST'],
    [wrongPassword, reaction([]), 'hang', 'SHOULD'],
    [combined('right', [noise]), reaction([], 1), 'answer', 'MUST'],
  ])('finds fault with %j met with %j', (rule, came, kind, level) => {
    expect(judge(rule, came)).toMatchObject({ kind, level })
  })

  test('finds an answer that repeats the password', () => {
    expect(judge(wrongPassword, { ...reaction([401]), leaks: true })?.kind).toBe('leak')
  })
})
