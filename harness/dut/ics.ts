import { z } from 'zod'
import { dataModel, neighbours, notifications } from './ics/data-model.ts'
import type { IcsGroup, IcsItem } from './ics/item.ts'
import { methods, ownCalls } from './ics/methods.ts'
import { connectionRequests, sessions } from './ics/sessions.ts'
import { diagnostics, transfers } from './ics/transfers.ts'

/**
 * The implementation conformance statement: what the agent claims, held against the table in `ics/`. Schema of the profile, page
 * of the docs, draft and suite `ics` are all made from that table.
 */
const groups = [
  methods,
  ownCalls,
  sessions,
  connectionRequests,
  dataModel,
  notifications,
  transfers,
  diagnostics,
  neighbours,
] as const

/** A name of the statement, such as `Upload`. */
export type IcsName = (typeof groups)[number] extends infer G
  ? G extends IcsGroup<infer Name>
    ? Name
    : never
  : never

/** The statement of a device: each item answered. */
export type Ics = Record<IcsName, boolean>

/** The table, group by group, as it is shown to people. */
export const icsGroups: readonly IcsGroup<string>[] = groups

/** The table by name, in the same order. */
export const icsItems = Object.assign({}, ...groups.map(({ items }) => items)) as Readonly<
  Record<IcsName, IcsItem>
>

/** Every name there is. */
export const icsNames = Object.keys(icsItems) as IcsName[]

const answers = Object.fromEntries(
  icsNames.map((name) => [name, z.boolean().describe(describe(icsItems[name]))]),
) as Record<IcsName, z.ZodBoolean>

/** Each item is answered, because silence could mean either; what needs another item is not claimed without it. */
export const icsSchema = z
  .strictObject(answers)
  .superRefine((ics: Readonly<Record<string, boolean>>, context) => {
    for (const name of icsNames) {
      const missing = icsItems[name].requires?.find((required) => !ics[required])
      if (ics[name] && missing !== undefined)
        context.addIssue({ code: 'custom', path: [name], message: `false, because ics.${missing} is false` })
    }
  })
  .describe('What the agent claims. Every item must be answered.')

/** A statement that is not finished: an item may be missing or `null`, which is no answer; it is left out of what comes of it. */
export const icsAnswersSchema = z
  .strictObject(
    Object.fromEntries(icsNames.map((name) => [name, z.boolean().nullable().optional()])) as Record<
      IcsName,
      z.ZodOptional<z.ZodNullable<z.ZodBoolean>>
    >,
  )
  .transform(
    (ics) => Object.fromEntries(Object.entries(ics).filter(([, answer]) => answer !== null)) as Partial<Ics>,
  )

/** An item of the statement that a conforming agent cannot deny. */
export interface MandatoryItem {
  readonly name: IcsName
  /** Of TR-069. */
  readonly clause: string
  /** Goes on after "The agent …". */
  readonly text: string
}

/**
 * The mandatory items of TR-069 that a statement answers with no, in the order of the table. Such a device can be examined, but not
 * certified.
 */
export function mandatoryItemsAnsweredNo({ ics }: { readonly ics: Ics }): MandatoryItem[] {
  return icsNames
    .filter((name) => icsItems[name].status === 'mandatory' && !ics[name])
    .map((name) => ({ name, clause: icsItems[name].clause, text: icsItems[name].text }))
}

function describe({ clause, status, condition, text }: IcsItem): string {
  return `${text[0]?.toUpperCase()}${text.slice(1).replaceAll('`', '')} (${clause}; ${condition ?? status}).`
}
