import { Transcript, type TranscriptEntry, type TranscriptRecord } from '../cwmp/transcript.ts'

/** A transcript whose entries can be waited for, for the unit tests of the scripted ACS. */
export class WatchedTranscript extends Transcript {
  readonly #watchers = new Set<(entry: TranscriptEntry) => void>()

  override record(record: TranscriptRecord): TranscriptEntry {
    const entry = super.record(record)
    // The recorder goes on first, as if nobody watched.
    for (const watcher of this.#watchers) queueMicrotask(() => watcher(entry))
    return entry
  }

  /** The first entry that fits, recorded already or not. */
  until(fits: (entry: TranscriptEntry) => boolean): Promise<TranscriptEntry> {
    const found = this.since(0).find(fits)
    if (found) return Promise.resolve(found)
    return new Promise((resolve) => {
      const watcher = (entry: TranscriptEntry) => {
        if (!fits(entry)) return
        this.#watchers.delete(watcher)
        resolve(entry)
      }
      this.#watchers.add(watcher)
    })
  }

  /** Resolves when octets with this text are recorded. */
  untilText(text: string): Promise<TranscriptEntry> {
    return this.until(({ octets }) => octets.includes(text))
  }
}
