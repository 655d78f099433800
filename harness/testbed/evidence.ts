import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunnerTestCase } from 'vitest'
import type { Exchange } from '../acs/acs.ts'
import type { JudgeBySchema } from '../cwmp/schema-batch.ts'
import type { TranscriptEntry } from '../cwmp/transcript.ts'
import { checkUniversal, type UniversalExchange } from '../cwmp/universal.ts'
import { isFuzzing } from '../run-context.ts'
import { suiteOfProject } from '../suite-names.ts'
import type { TestBed } from './testbed.ts'
import type { UniversalEntry, UniversalLog } from './universal-log.ts'

/** So much of a fuzzing case's transcript is kept from its beginning, and as much from its end. */
const fuzzOctets = 1 << 20

/** What is remembered of it meanwhile: a finding and all that led to it, and not what a hundred thousand cases have sent. */
const fuzzMemory = 16 << 20

interface Evidence {
  /** Writes the case's transcript and hands its messages to the universal checks; called once, after the case. */
  keep(): Promise<void>
}

interface EvidenceOptions {
  readonly outDir: string
  /** Takes what the universal checks find; without it they are left out. */
  readonly log: UniversalLog | undefined
}

/** Marks where a case begins on the wire. */
export function beginCase(
  task: Readonly<RunnerTestCase>,
  bed: Pick<TestBed, 'transcript' | 'messages'>,
  options: EvidenceOptions,
): Evidence {
  const id = task.meta.id ?? task.name
  const suite = task.file.projectName ?? ''
  const { containerPeer } = suiteOfProject(suite)
  const fromEntry = bed.transcript.mark()
  const usual = isFuzzing(id) ? bed.transcript.keepAtMost(fuzzMemory) : undefined
  bed.messages.take()

  return {
    async keep() {
      const all = bed.transcript.since(fromEntry)
      if (usual !== undefined) bed.transcript.keepAtMost(usual)
      if (all.length === 0) return
      const entries = isFuzzing(id) ? withoutMiddle(all) : all
      if (entries.length < all.length)
        task.meta.notes = [
          ...(task.meta.notes ?? []),
          `the transcript has the first and the last of ${all.length} entries; repro files have those of findings`,
        ]
      const file = `transcripts/${id}${containerPeer === undefined ? '' : `@${containerPeer}`}.txt`
      const text = bed.transcript.render(entries)
      await mkdir(join(options.outDir, 'transcripts'), { recursive: true })
      await writeFile(join(options.outDir, file), text)
      task.meta.transcript = file
      task.meta.transcriptLine = lineOf(entries, task.result?.errors?.[0]?.transcriptSeq)
      const lines = new Map(entries.map(({ seq, line }) => [seq, line ?? 1]))
      const messages = bed.messages.take()
      const where = { caseId: id, suite, transcript: file }
      if (options.log) options.log.add(examine(messages, lines, where, options.log.judge))
    },
  }
}

/** A fuzzing case sends more than anybody reads: of its transcript the first and the last octets are kept. */
function withoutMiddle(entries: TranscriptEntry[]): TranscriptEntry[] {
  const head = countWithin(entries, fuzzOctets)
  const tail = countWithin(entries.toReversed(), fuzzOctets)
  return head + tail >= entries.length ? entries : [...entries.slice(0, head), ...entries.slice(-tail)]
}

/** How many of the first entries have no more octets than that together; one at least. */
function countWithin(entries: readonly TranscriptEntry[], most: number): number {
  let octets = 0
  const beyond = entries.findIndex((entry) => {
    octets += entry.octets.length
    return octets > most
  })
  return beyond === -1 ? entries.length : Math.max(1, beyond)
}

/** The line of the message that the failure names, else of the last one that the device sent. */
function lineOf(entries: readonly TranscriptEntry[], named: unknown): number {
  const entry =
    entries.find(({ seq }) => seq === named) ??
    entries.findLast(({ direction, kind }) => direction === 'cpe→acs' && kind.startsWith('http'))
  return entry?.line ?? 1
}

async function examine(
  exchanges: readonly Exchange[],
  lines: ReadonlyMap<number, number>,
  where: Pick<UniversalEntry, 'caseId' | 'suite'> & { transcript: string },
  judge: JudgeBySchema,
): Promise<UniversalEntry> {
  const { checked, findings } = await checkUniversal(exchanges.map(universalOf), {
    ...officialSchemas(),
    judge,
  })
  return {
    caseId: where.caseId,
    suite: where.suite,
    checked,
    violations: findings.map(({ requirement, message, expected, actual }) => ({
      requirement,
      expected,
      actual,
      transcript: where.transcript,
      line: lines.get(exchanges[message]?.transcriptSeq ?? 0) ?? 1,
    })),
  }
}

/** An exchange of the ACS as the universal checks look at it. */
export function universalOf(exchange: Exchange): UniversalExchange {
  const { session, connection, answer } = exchange
  return { request: exchange, connection, ...(session ? { session } : {}), ...(answer ? { answer } : {}) }
}

/** `CWMP_XSD_DIR` names a folder with the official schemas, where somebody has them. */
export function officialSchemas(): { officialDir?: string } {
  const officialDir = process.env.CWMP_XSD_DIR
  return officialDir ? { officialDir } : {}
}
