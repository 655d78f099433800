import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunnerTestCase } from 'vitest'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Transcript } from '../cwmp/transcript.ts'
import { beginCase } from './evidence.ts'
import { MessageLog } from './message-log.ts'
import type { TestBed } from './testbed.ts'

let outDir: string

beforeEach(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'evidence-'))
})
afterEach(() => rm(outDir, { recursive: true }))

/** Keeps the evidence of a case that sends so many messages of 100 KiB. */
async function keep(id: string, messages: number): Promise<{ meta: RunnerTestCase['meta']; text: string }> {
  const bed = { transcript: new Transcript(), messages: new MessageLog() } as TestBed
  const task = { meta: { id }, name: id, file: { projectName: 'fuzz' } } as RunnerTestCase
  const evidence = beginCase(task, bed, { outDir, log: undefined })
  for (let at = 1; at <= messages; at++)
    bed.transcript.record({
      connection: 1,
      direction: 'acs→cpe',
      kind: 'http-body',
      octets: `message ${at} ${'x'.repeat(100 << 10)}`,
    })
  await evidence.keep()
  return { meta: task.meta, text: await readFile(join(outDir, task.meta.transcript ?? ''), 'utf8') }
}

describe('the transcript of a case', () => {
  test('is kept whole, however long it is', async () => {
    const { meta, text } = await keep('RPC-GPV-001', 50)

    expect(text.match(/^message \d+/gm)).toHaveLength(50)
    expect(meta.notes).toBeUndefined()
  })

  test('that fuzzes has its beginning and its end, and says so', async () => {
    const { meta, text } = await keep('FUZZ-SOAP-001', 50)

    const kept = [...text.matchAll(/^message (\d+)/gm)].map(([, number]) => Number(number))
    expect(kept).toEqual([
      ...Array.from({ length: 10 }, (_, at) => at + 1),
      ...Array.from({ length: 10 }, (_, at) => at + 41),
    ])
    expect(meta.notes).toEqual([expect.stringContaining('the first and the last of 50 entries')])
  })

  test('that fuzzes little is whole', async () => {
    const { meta, text } = await keep('FUZZ-SOAP-001', 20)

    expect(text.match(/^message \d+/gm)).toHaveLength(20)
    expect(meta.notes).toBeUndefined()
  })
})
