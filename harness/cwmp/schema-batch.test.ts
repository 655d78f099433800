import { describe, expect, test } from 'vitest'
import { buildFault } from './encode.ts'
import { type JudgeBySchema, judgeBySchema, SchemaBatch } from './schema-batch.ts'

const sound = buildFault({ code: 9005, string: 'Invalid parameter name' })
const strange = sound.replace('</FaultCode>', '</FaultCode><Sorrow/>')

/** What a batch had judged, call by call, and what each of its users was told. */
function recorded(): { judge: JudgeBySchema; calls: (readonly string[])[] } {
  const calls: (readonly string[])[] = []
  const judge: JudgeBySchema = async (sources) => {
    calls.push(sources)
    return new Map()
  }
  return { judge, calls }
}

test('what cases are told together is what each is told alone', async () => {
  const batch = new SchemaBatch({ requests: 3, characters: 1e6 })

  const [first, second, third] = await Promise.all([
    batch.judge([sound]),
    batch.judge([strange, sound]),
    batch.judge([strange]),
  ])

  const alone = await judgeBySchema([strange])
  expect(alone.get(strange)?.[0]?.message).toContain('Sorrow')
  expect(first.get(sound)).toBeUndefined()
  expect(second.get(strange)).toEqual(alone.get(strange))
  expect(third.get(strange)).toEqual(alone.get(strange))
})

describe('a batch', () => {
  test('waits until enough have asked, and judges each text once', async () => {
    const { judge, calls } = recorded()
    const batch = new SchemaBatch({ requests: 2, characters: 100, judge })

    const first = batch.judge(['a', 'b'])
    const before = calls.length
    await Promise.all([first, batch.judge(['b', 'c'])])

    expect(before).toBe(0)
    expect(calls).toEqual([['a', 'b', 'c']])
  })

  test('does not wait when the texts are many', async () => {
    const { judge, calls } = recorded()
    const batch = new SchemaBatch({ requests: 9, characters: 10, judge })

    await Promise.all([batch.judge(['12345']), batch.judge(['67890'])])

    expect(calls).toEqual([['12345', '67890']])
  })

  test('keeps the two kinds of schemas apart', async () => {
    const { judge, calls } = recorded()
    const batch = new SchemaBatch({ requests: 2, characters: 100, judge })

    await Promise.all([batch.judge(['a']), batch.judge(['b'], { officialDir: 'xsd' })])

    expect(calls).toEqual([['a'], ['b']])
  })

  test('once finished keeps nobody waiting', async () => {
    const { judge, calls } = recorded()
    const batch = new SchemaBatch({ requests: 9, characters: 100, judge })

    // As a case does: by our schemas first, then by the official ones.
    const both = batch.judge(['a']).then(() => batch.judge(['a'], { officialDir: 'xsd' }))
    batch.finish()
    await both

    expect(calls).toEqual([['a'], ['a']])
  })

  test('tells everybody whose envelopes it could not judge', async () => {
    const judge = () => Promise.reject(new Error('schema is missing'))
    const batch = new SchemaBatch({ requests: 2, characters: 100, judge })

    const told = await Promise.allSettled([batch.judge(['a']), batch.judge(['b'])])

    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})
