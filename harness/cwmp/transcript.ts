import { createHash } from 'node:crypto'
import { SecretMask } from './secret-mask.ts'
import { renderEntries } from './transcript-text.ts'

/** One thing that happened on the wire, or a note of the harness about it. */
export interface TranscriptEntry {
  /** 1, 2, 3 … in the order of recording. */
  readonly seq: number
  /** Milliseconds since the transcript began. */
  readonly atMs: number
  /** Number of the connection; 0 for notes that belong to none. */
  readonly connection: number
  readonly direction: 'cpe→acs' | 'acs→cpe' | 'note'
  readonly kind: 'http-head' | 'http-body' | 'connect' | 'close' | 'note'
  /** As on the wire, chunk sizes and content coding included; UTF-8 text for connect, close and note. Of a body over 1 MiB the first MiB. */
  readonly octets: Buffer
  /** The body without transfer and content coding, where it had any. */
  readonly decoded?: Buffer
  /** Of a truncated body: how long it was, and its SHA-256 in hex. */
  readonly whole?: { readonly octets: number; readonly sha256: string }
  /** 1-based line where the entry begins in the text that `render` made last. */
  line?: number
}

/** What the recorder hands over; the transcript adds number and time. */
export interface TranscriptRecord {
  connection: number
  direction: TranscriptEntry['direction']
  kind: TranscriptEntry['kind']
  octets: Buffer | string
  decoded?: Buffer
  /** When it happened, if that was before now (see `now`). */
  atMs?: number
}

const BODY_LIMIT = 1 << 20

/**
 * Every octet of a run in both directions, in order and with relative times.
 * Memory is bounded: bodies over 1 MiB are cut, and beyond `maxOctets` the oldest entries are forgotten.
 */
export class Transcript {
  readonly #began = performance.now()
  #maxOctets: number
  readonly #secrets = new SecretMask()
  #entries: TranscriptEntry[] = []
  /** Entries before this index are forgotten; the array is compacted now and then. */
  #first = 0
  #octets = 0
  #seq = 0
  #connection = 0

  /** @param options.maxOctets how much is kept before the oldest entries go; 128 MiB unless given */
  constructor(options: { maxOctets?: number } = {}) {
    this.#maxOctets = options.maxOctets ?? 128 << 20
  }

  /** Keeps no more than that from now on. @returns what was kept at most until now */
  keepAtMost(maxOctets: number): number {
    const before = this.#maxOctets
    this.#maxOctets = maxOctets
    if (this.#octets > maxOctets) this.#forgetOldest()
    return before
  }

  /** Milliseconds since the transcript began. */
  now(): number {
    return performance.now() - this.#began
  }

  /** A number for a new connection, unique in this transcript whoever opened it. */
  nextConnection(): number {
    this.#connection += 1
    return this.#connection
  }

  /** Appends an entry. Buffers are kept, not copied: the recorder must not write into them afterwards. */
  record(record: TranscriptRecord): TranscriptEntry {
    const octets = typeof record.octets === 'string' ? Buffer.from(record.octets) : record.octets
    this.#seq += 1
    const entry: TranscriptEntry = {
      seq: this.#seq,
      atMs: record.atMs ?? this.now(),
      connection: record.connection,
      direction: record.direction,
      kind: record.kind,
      octets: octets.length > BODY_LIMIT ? Buffer.from(octets.subarray(0, BODY_LIMIT)) : octets,
      decoded: record.decoded && record.decoded.length <= BODY_LIMIT ? record.decoded : undefined,
      whole: octets.length > BODY_LIMIT ? { octets: octets.length, sha256: sha256(octets) } : undefined,
    }
    this.#entries.push(entry)
    this.#octets += weightOf(entry)
    if (this.#octets > this.#maxOctets) this.#forgetOldest()
    return entry
  }

  /** Records a remark of the harness, such as why it did what comes next. */
  note(text: string, connection = 0): TranscriptEntry {
    return this.record({ connection, direction: 'note', kind: 'note', octets: text })
  }

  /** The present end, to ask later for everything `since`. */
  mark(): number {
    return this.#seq
  }

  /** The entries after a mark that are still remembered. */
  since(mark: number): TranscriptEntry[] {
    const entries = this.#entries
    const oldest = entries[this.#first]?.seq ?? this.#seq + 1
    return entries.slice(this.#first + Math.max(0, mark + 1 - oldest))
  }

  /** Keeps a secret out of every rendered text: as it is, escaped for XML or a URL, and in base64. */
  mask(secret: string): void {
    this.#secrets.add(secret)
  }

  /** The text without what `mask` keeps secret, for whatever else is written about these messages. */
  masked(text: string): string {
    return this.#secrets.apply(text)
  }

  /** The same for the head of an HTTP message, where credentials stand that nobody has registered. */
  maskedHead(text: string): string {
    return this.#secrets.applyToHead(text)
  }

  /** The text with a name in place of each secret, for a file that is to be read back with `revealed`. */
  hidden(text: string): string {
    return this.#secrets.hide(text)
  }

  /** What `hidden` was given, with the secrets that are registered now. */
  revealed(text: string): string {
    return this.#secrets.reveal(text)
  }

  /**
   * The entries as text: a block for each message with sequence number, time since the transcript began (ms), connection
   * and direction, then head and body. Sets `line` of each entry. Credentials and masked secrets show as `***`.
   */
  render(entries: TranscriptEntry[]): string {
    return renderEntries(entries, this.#secrets)
  }

  #forgetOldest(): void {
    while (this.#octets > this.#maxOctets && this.#first < this.#entries.length - 1) {
      this.#octets -= weightOf(this.#entries[this.#first] as TranscriptEntry)
      this.#first += 1
    }
    if (this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first)
      this.#first = 0
    }
  }
}

/** Octets that an entry keeps in memory, with something for the objects around them. */
function weightOf(entry: TranscriptEntry): number {
  return 400 + entry.octets.length + (entry.decoded?.length ?? 0)
}

function sha256(octets: Buffer): string {
  return createHash('sha256').update(octets).digest('hex')
}
