import { z } from 'zod'
import { dataModelSchema } from './data-model.ts'
import { icsSchema } from './ics.ts'
import { pixitSchema } from './pixit.ts'

/** The shape of `dut.json`: who the device is, how it is driven, what it claims and how it is exercised. */

const text = z.string().min(1)

const referenceAdapter = z
  .strictObject({ kind: z.literal('reference') })
  .describe('The reference agent that comes with this project, as a child process.')

const moduleAdapter = z
  .strictObject({
    kind: z.literal('module'),
    file: text.describe('A TypeScript or JavaScript file that exports createDut; relative to the profile.'),
    options: z.record(z.string(), z.json()).default({}).describe('Handed to createDut as it stands.'),
  })
  .describe('A TypeScript or JavaScript module.')

const commandAdapter = z
  .strictObject({
    kind: z.literal('command'),
    command: z
      .array(text)
      .min(1)
      .describe(
        'The program and its arguments, no shell in between. A name with a slash is relative to the profile.',
      ),
    environment: z
      .record(z.string().regex(/^[A-Za-z_]\w*$/, 'the name of an environment variable'), z.string())
      .default({})
      .describe('Variables set for the program besides those that the run itself has.'),
  })
  .describe('A program in any language that reads requests on stdin and writes answers on stdout.')

const adapter = z
  .discriminatedUnion('kind', [referenceAdapter, moduleAdapter, commandAdapter])
  .describe('How the harness drives the device.')

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
    adapter,
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
/** How the device is driven, as the profile says it. */
export type ParsedAdapter = Parsed['adapter']

/** How the device is driven, ready for use: `file` and the program are absolute paths, `folder` is that of the profile. */
export type AdapterProfile =
  | z.output<typeof referenceAdapter>
  | z.output<typeof moduleAdapter>
  | (z.output<typeof commandAdapter> & { readonly folder: string })

/** A profile as the suites see it: defaults filled in, credentials resolved. Plain data. */
export type Profile = Omit<Parsed, 'adapter' | '$schema'> & { readonly adapter: AdapterProfile }

/** A profile as somebody writes it. */
export type ProfileInput = z.input<typeof profileSchema>

/** JSON Schema (draft 2020-12) of `dut.json` for editors; `docs/dut.schema.json` is this, written out. */
export function profileJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(profileSchema, { io: 'input' })
}
