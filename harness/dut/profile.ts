import { z } from 'zod'
import { type AdapterProfile, adapterSchema } from './adapter-profile.ts'
import { dataModelSchema } from './data-model.ts'
import { icsSchema } from './ics.ts'
import { pixitSchema } from './pixit.ts'

/** The shape of `dut.json`: who the device is, how it is driven, what it claims and how it is exercised. */

const text = z.string().min(1)

export const profileSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For editors: where the JSON Schema of this file lies.'),
    product: z
      .strictObject({
        manufacturer: text,
        model: text,
        firmware: text,
        serialNumber: text.optional(),
      })
      .describe('Printed in the report; compared with nothing.'),
    adapter: adapterSchema,
    cwmp: z
      .strictObject({
        version: z
          .enum(['1.0', '1.1', '1.2', '1.3', '1.4'])
          .describe('The highest CWMP version the agent speaks.'),
        root: z.enum(['Device.', 'InternetGatewayDevice.']).describe('The root of its data model.'),
      })
      .describe('The protocol and the data model.'),
    ics: icsSchema,
    pixit: pixitSchema,
    dataModel: dataModelSchema.optional(),
    watch: z
      .array(text)
      .optional()
      .describe(
        'Files and folders of the agent; with --watch a change of them runs the cases again. Relative to the profile.',
      ),
    notes: z
      .record(text, text)
      .default({})
      .describe('Remarks for people, such as those of a draft; nothing reads them.'),
  })
  .meta({ title: 'Profile of a device under test (dut.json)' })

type Parsed = z.output<typeof profileSchema>
/** A profile as the suites see it: defaults filled in, credentials resolved. Plain data. */
export type Profile = Omit<Parsed, 'adapter' | '$schema'> & { readonly adapter: AdapterProfile }

/** A profile as somebody writes it. */
export type ProfileInput = z.input<typeof profileSchema>

/** JSON Schema (draft 2020-12) of `dut.json` for editors; `docs/dut.schema.json` is this, written out. */
export function profileJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(profileSchema, { io: 'input' })
}
