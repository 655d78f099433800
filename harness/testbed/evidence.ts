import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunnerTestCase } from 'vitest'
import type { TranscriptEntry } from '../cwmp/transcript.ts'
import type { TestBed } from './testbed.ts'
import type { UniversalLog } from './universal-log.ts'

interface Evidence {
  /** Writes the case's transcript and hands its messages to the universal checks; called once, after the case. */
  keep(): Promise<void>
}

interface EvidenceOptions {
  readonly outDir: string
  readonly log: UniversalLog
}

/** Marks where a case begins on the wire. */
export function beginCase(task: Readonly<RunnerTestCase>, bed: TestBed, options: EvidenceOptions): Evidence {
  const id = task.meta.id ?? task.name
  const fromEntry = bed.transcript.mark()

  return {
    async keep() {
      const entries = bed.transcript.since(fromEntry)
      if (entries.length === 0) return
      const file = `transcripts/${id}.txt`
      const text = bed.transcript.render(entries)
      await mkdir(join(options.outDir, 'transcripts'), { recursive: true })
      await writeFile(join(options.outDir, file), text)
      task.meta.transcript = file
      task.meta.transcriptLine = lineAtFault(task, entries)
    },
  }
}

/** The message that the failure names, else the last one that the device sent. */
function lineAtFault(task: Readonly<RunnerTestCase>, entries: readonly TranscriptEntry[]): number {
  const named: unknown = task.result?.errors?.[0]?.transcriptSeq
  const entry =
    entries.find(({ seq }) => seq === named) ??
    entries.findLast(({ direction, kind }) => direction === 'cpe→acs' && kind.startsWith('http'))
  return entry?.line ?? 1
}
