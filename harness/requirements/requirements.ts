import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { HarnessError } from '../failure.ts'
import { icsNames } from './ics-expression.ts'

const recordSchema = z.strictObject({
  /** `<AREA>-<TOPIC>-<nnn>`, never reused or renumbered. */
  id: z.string().regex(/^[A-Z0-9]+(-[A-Z0-9]+)*-\d{3}[A-Z]?$/),
  /** Clause of TR-069 or of the document named. */
  clause: z.string().min(1),
  level: z.enum(['MUST', 'SHOULD', 'MAY']),
  /** The requirement in our own words. */
  text: z.string().min(10),
  /** Expression over the ICS; where it is false the case is N/A. */
  ics: z.string().optional(),
  /** Abilities of the adapter that the case cannot do without. */
  needs: z
    .array(
      z.enum([
        'powerCycle',
        'factoryReset',
        'setLocally',
        'readLogs',
        'setClock',
        'clientCertificate',
        'dnsServer',
        'dhcpOptions',
        'lanDevice',
        'ownAct',
        'standby',
        'timeSource',
      ]),
    )
    .optional(),
  /** Why the wire cannot show it; such a record has no case. */
  excluded: z.string().optional(),
  /** Why the requirement is no longer examined. */
  retired: z.string().optional(),
  xref: z.strictObject({ atp069: z.string().optional(), tp181: z.string().optional() }).optional(),
})

/** One requirement of the standard, as far as the wire can show it. */
export type Requirement = z.infer<typeof recordSchema>

/**
 * Reads every record under `harness/requirements/*.json`.
 * @throws HarnessError naming file and entry when a record is malformed, its id is used twice or its ICS expression cannot be read.
 */
export function loadRequirements(
  folder: URL = new URL('./', import.meta.url),
): ReadonlyMap<string, Requirement> {
  const records = new Map<string, Requirement>()
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()) {
    const entries: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
    if (!Array.isArray(entries)) throw new HarnessError(`requirements/${name}: expected an array of records`)
    for (const [index, entry] of entries.entries()) {
      const parsed = recordSchema.safeParse(entry)
      if (!parsed.success) {
        const issue = parsed.error.issues[0]
        throw new HarnessError(
          `requirements/${name}: entry ${index + 1}: ${issue?.path.join('.')}: ${issue?.message}`,
        )
      }
      const record = parsed.data
      if (records.has(record.id))
        throw new HarnessError(`requirements/${name}: ${record.id} stands there twice`)
      if (record.ics !== undefined) icsNames(record.ics)
      records.set(record.id, record)
    }
  }
  return records
}
