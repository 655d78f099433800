import { describe, expect, test } from 'vitest'
import { breakages } from './breakages/all.ts'
import { judge, type Seen } from './judge.ts'
import { streamLanguage } from './language.ts'
import type { Part, StreamCase, StreamStage } from './stream-case.ts'

const languages = [streamLanguage('xmpp-login'), streamLanguage('xmpp-stream')]

/** A device that leaves and comes back, as most may. */
const good: Seen = {
  acted: true,
  end: 'left',
  conditions: [],
  mechanism: 'SCRAM-SHA-1',
  tellsPassword: false,
  loginInClear: false,
  binds: false,
  letIn: false,
  proves: false,
  answersEarly: false,
  sessions: 0,
  returned: true,
  crashed: false,
  served: 'result',
}

const at = (stage: StreamStage, ...parts: Part[]): StreamCase => ({ stage, parts })

describe('the language of streams', () => {
  test('has a name of its own for each breakage, and one way to do it', () => {
    const names = breakages.map(({ name }) => name)

    expect(new Set(names).size).toBe(names.length)
    for (const { before, within, instead } of breakages)
      expect([before, within, instead].filter((way) => way !== undefined)).toHaveLength(1)
  })

  test.each(languages)('$name covers each of its cells, and keeps cases as JSON', (language) => {
    const all = [...language.coverage()]

    const covered = new Set(all.map((one) => JSON.stringify(language.cellOf(one))))
    expect([...language.cells()].filter((cell) => !covered.has(JSON.stringify(cell)))).toEqual([])
    expect(all.map((one) => language.fromJson(JSON.parse(JSON.stringify(language.toJson(one)))))).toEqual(all)
  })

  test('refuses what is no case', () => {
    const [login] = languages

    expect(() => login?.fromJson({ stage: 'greeted', parts: [{ name: 'nothing of the kind' }] })).toThrow(
      'no breakage',
    )
    expect(() => login?.fromJson({ stage: 'greeted', parts: [{ name: 'refusal' }] })).toThrow('at greeted')
  })

  test('makes cases simpler until there is nothing left to take away', () => {
    for (const language of languages) {
      for (const one of language.coverage()) {
        let steps = 0
        for (let less: StreamCase | undefined = one; less; steps++) [less] = language.simpler(less)
        expect(steps).toBeLessThan(60)
      }
    }
  })
})

describe('a device', () => {
  test('may leave, and has to where XML is forbidden', () => {
    const comment = at('online', { name: 'comment' })

    expect(judge(comment, good)).toEqual({ answer: 'left' })
    expect(judge(comment, { ...good, conditions: ['restricted-xml'] }).answer).toBe(
      'leaves with restricted-xml',
    )
    expect(judge(comment, { ...good, end: 'goes on' }).wrong).toMatchObject({
      level: 'SHOULD',
      kind: 'answer',
    })
  })

  test('must not leave for what is in order', () => {
    const letters = at('bind', { name: 'letter by letter' })

    expect(judge(letters, { ...good, end: 'goes on' }).wrong).toBeUndefined()
    expect(judge(letters, good).wrong).toMatchObject({ level: 'MUST', kind: 'answer' })
    expect(judge(letters, { ...good, end: 'stays' }).wrong).toMatchObject({ kind: 'hang' })
  })

  test('is not held to what may never have been read', () => {
    const both = at('online', { name: 'end tag' }, { name: 'comment' })

    expect(judge(both, { ...good, end: 'stays' }).wrong).toBeUndefined()
    expect(
      judge(at('online', { name: 'comment' }, { name: 'end tag' }), { ...good, end: 'stays' }).wrong,
    ).toBeDefined()
  })

  test('binds no resource after a login that is not proven, unless it has another way to log in', () => {
    const unproven = at('response', { name: 'success without a proof' })

    expect(judge(unproven, { ...good, binds: true }).wrong?.actual).toBe('a resource asked for')
    expect(judge(unproven, { ...good, binds: true, mechanism: 'PLAIN' }).wrong).toBeUndefined()
    const refused = at('auth', { name: 'refusal', text: 'not-authorized' })
    expect(judge(refused, { ...good, binds: true }).wrong?.actual).toBe('a resource asked for')
    expect(judge(refused, { ...good, binds: true, letIn: true, end: 'goes on' }).wrong).toBeUndefined()
  })

  test('heeds nothing that comes before the stream is established', () => {
    const early = at('greeted', { name: 'request too early' })

    expect(judge(early, { ...good, answersEarly: true }).wrong).toMatchObject({ level: 'MUST' })
    expect(judge(early, { ...good, sessions: 1 }).wrong).toMatchObject({ level: 'MUST', kind: 'state' })
    expect(judge(early, good).wrong).toBeUndefined()
  })

  test.each<[string, Partial<Seen>, string]>([
    ['tells its password', { tellsPassword: true }, 'leak'],
    ['logs in without TLS', { loginInClear: true }, 'leak'],
    ['sends what is not well-formed', { malformed: 'unclosed tag' }, 'answer'],
    ['sends an error that nobody knows', { conditions: ['not-wellformed'] }, 'answer'],
    ['opens a session that nobody asked for', { sessions: 1 }, 'state'],
    ['does not come back', { returned: false }, 'hang'],
    ['does not run any more', { returned: false, crashed: true }, 'crash'],
    ['heeds nobody afterwards', { served: 'no answer' }, 'state'],
  ])('fails that %s', (_what, seen, kind) => {
    expect(judge(at('secured', { name: 'silence' }), { ...good, ...seen }).wrong).toMatchObject({
      kind,
      level: 'MUST',
    })
  })
})
