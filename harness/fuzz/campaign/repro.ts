import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Transcript, TranscriptEntry } from '../../cwmp/transcript.ts'
import { type Json, phases } from './field.ts'

const level = z.enum(['MUST', 'SHOULD', 'MAY'])
const kind = z.enum(['crash', 'hang', 'answer', 'schema', 'leak', 'state', 'resources'])

/** One thing on the wire: its octets as text where they are UTF-8, else in base64. */
const wireEntry = z.object({
  /** Milliseconds since the first entry. */
  atMs: z.number(),
  connection: z.number(),
  direction: z.string(),
  kind: z.string(),
  text: z.string().optional(),
  base64: z.string().optional(),
  /** A secret stood here: these are not the exact octets. */
  masked: z.literal(true).optional(),
  /** Of a body that was cut: its whole length in octets and its SHA-256. */
  whole: z.object({ octets: z.number(), sha256: z.string() }).optional(),
})

const repro = z.object({
  format: z.literal('cwmp-conformance repro 1'),
  suiteVersion: z.string(),
  /** The fuzzing case that met it, e.g. FUZZ-SOAP-001. */
  id: z.string().regex(/^[A-Z0-9]+(-[A-Z0-9]+)+$/),
  language: z.string(),
  phase: z.enum(phases),
  /** Seed of the whole run; seed, path and replayPath are those of fast-check, where the case was random. */
  runSeed: z.number(),
  seed: z.number().optional(),
  path: z.string().optional(),
  replayPath: z.string().optional(),
  cell: z.object({ requestClass: z.string(), element: z.string(), breakage: z.string() }),
  state: z.string(),
  answer: z.string(),
  kind,
  level,
  clause: z.string(),
  expected: z.array(z.string()),
  actual: z.string(),
  /** One line for each case. */
  script: z.array(z.string()),
  /** What has to be sent after a restart, in this order; the last one shows it. */
  cases: z.array(z.json() as z.ZodType<Json>).min(1),
  wire: z.array(wireEntry),
  reproduce: z.string(),
})

/** A finding as a file keeps it: enough to meet it again without the run that found it. */
export type Repro = z.infer<typeof repro>
type WireEntry = z.infer<typeof wireEntry>

export const FORMAT = 'cwmp-conformance repro 1'

/** A file that is no repro file. Its message is the one line that the user sees. Exit code 2. */
export class ReproError extends Error {
  override readonly name = 'ReproError'
}

/** @throws ReproError naming the file and what is wrong with it */
export function readRepro(file: string): Repro {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new ReproError(
      `${file}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (error as Error).message}`,
    )
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new ReproError(`${file} is no repro file: it is not JSON`)
  }
  const read = repro.safeParse(json)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new ReproError(
    `${file} is no repro file: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? ''}`,
  )
}

/**
 * Writes `<outDir>/fuzz/<name>.json`, or with a number behind the name where another case was first to take it.
 * @returns the name that it got
 */
export async function writeRepro(
  outDir: string,
  wanted: string,
  contents: (name: string) => Repro,
): Promise<string> {
  await mkdir(join(outDir, 'fuzz'), { recursive: true })
  for (let at = 1; ; at++) {
    const name = at === 1 ? wanted : `${wanted}-${at}`
    try {
      const text = `${JSON.stringify(contents(name), null, 2)}\n`
      await writeFile(join(outDir, fileOf(name)), text, { flag: 'wx' })
      return name
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** Path of a repro file relative to the report folder. */
export function fileOf(name: string): string {
  return `fuzz/${name}.json`
}

/** What went over the wire, without secrets. */
export function wireOf(entries: readonly TranscriptEntry[], transcript: Transcript): WireEntry[] {
  const began = entries[0]?.atMs ?? 0
  return entries.map((entry) => ({
    atMs: Math.round((entry.atMs - began) * 1000) / 1000,
    connection: entry.connection,
    direction: entry.direction,
    kind: entry.kind,
    ...octetsOf(entry, transcript),
    ...(entry.whole && { whole: { ...entry.whole } }),
  }))
}

function octetsOf({ octets, kind }: TranscriptEntry, transcript: Transcript): Partial<WireEntry> {
  const mask = (text: string) =>
    kind === 'http-head' ? transcript.maskedHead(text) : transcript.masked(text)
  const text = octets.toString('utf8')
  const isText = Buffer.from(text).equals(octets)
  // Octets that are no UTF-8 are searched for secrets one by one.
  const readable = isText ? text : octets.toString('latin1')
  const shown = mask(readable)
  if (shown !== readable) return { text: shown, masked: true }
  return isText ? { text } : { base64: octets.toString('base64') }
}

/** A case without the device's secrets, or with them again. */
export function mapStrings(json: Json, change: (text: string) => string): Json {
  if (typeof json === 'string') return change(json)
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map((each) => mapStrings(each, change))
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [change(name), mapStrings(value, change)]),
  )
}
