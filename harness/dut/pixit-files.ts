import { z } from 'zod'

/** Files that the device downloads, and file types that it uploads. Nobody but its maker knows what it takes for a good one. */

const text = z.string().min(1)
const fileType = z
  .string()
  .max(64)
  .regex(/^([1-9]\d* |X )\S/, 'a file type such as "1 Firmware Upgrade Image"')

/** Where the octets are. */
const content = {
  file: text.optional().describe('A file with the octets, relative to the profile.'),
  text: z.string().optional().describe('The octets themselves, as UTF-8, in place of a file.'),
}

const hasContent = ({ file, text: written }: { file?: string; text?: string }) =>
  (file === undefined) !== (written === undefined)
const oneContent = { error: 'either "file" or "text"' }

const plain = (what: string) => z.strictObject(content).refine(hasContent, oneContent).describe(what)
const versioned = z
  .strictObject({ version: text.describe('What the device calls this version.'), ...content })
  .refine(hasContent, oneContent)

const environment = z
  .string()
  .max(256)
  .regex(
    /^[A-Za-z_][\w-]*(\.[\w[\]-]+)+\.$/,
    'a partial path such as "Device.SoftwareModules.ExecEnv.1.", with a dot at the end',
  )
const placed = (what: string) =>
  z
    .strictObject({
      executionEnvironment: environment.describe('The execution environment, with a dot at the end.'),
      ...content,
    })
    .refine(hasContent, oneContent)
    .describe(what)

const optional = <T extends z.ZodType>(entry: T) =>
  entry
    .nullable()
    .prefault(null as z.input<T> & null)
    .transform((value) => value ?? undefined)

export const filesSchema = z
  .strictObject({
    ordinary: optional(
      z
        .strictObject({ fileType, ...content })
        .refine(hasContent, oneContent)
        .describe('A file that the device downloads without a restart and without harm.'),
    ),
    tone: optional(plain('A sound that the device downloads as `4 Tone File`.')),
    ringer: optional(plain('A sound that the device downloads as `5 Ringer File`.')),
    tooLarge: optional(
      z
        .strictObject({
          octets: z.int().min(1).max(4_294_967_295).describe('How many octets are too many.'),
        })
        .describe('How large a file has to be that the device cannot take, of the type of `ordinary`.'),
    ),
    firmware: optional(
      z
        .tuple([versioned, versioned])
        .describe('Two firmware images of different versions; `version` is the SoftwareVersion they bring.'),
    ),
    corruptFirmware: optional(plain('A firmware image that is damaged; the device must not take it.')),
    foreignFirmware: optional(plain('A sound firmware image for another product.')),
    forgedFirmware: optional(
      plain(
        'A firmware image that is sound but for its signature, which is wrong; for a device that looks at it.',
      ),
    ),
    vendorConfiguration: optional(
      z
        .strictObject({
          fileType: fileType.default('3 Vendor Configuration File'),
          path: text.describe('A string parameter that can be set and that this configuration changes.'),
          value: text.describe('What it is afterwards.'),
          ...content,
        })
        .refine(hasContent, oneContent)
        .describe('A configuration file that the device takes.'),
    ),
    corruptVendorConfiguration: optional(plain('A configuration file that the device must not take.')),
    uploads: z
      .strictObject({
        configuration: optional(fileType.describe('The file type under which it uploads its configuration.')),
        log: optional(fileType.describe('The file type under which it uploads its log.')),
      })
      .prefault({ configuration: '1 Vendor Configuration File', log: '2 Vendor Log File' })
      .describe('What the device uploads.'),
    deploymentUnit: optional(
      z
        .tuple([versioned, versioned])
        .describe('A deployment unit in two versions, the older one first; needed for ChangeDUState.'),
    ),
    corruptDeploymentUnit: optional(plain('A deployment unit that is damaged.')),
    mismatchedDeploymentUnit: optional(
      placed('A sound deployment unit that is not made for this kind of execution environment.'),
    ),
    largeDeploymentUnit: optional(
      placed('A sound deployment unit for which this execution environment has no room.'),
    ),
    voucher: optional(
      z
        .strictObject({
          option: z
            .string()
            .min(1)
            .max(64)
            .describe('The OptionName under which GetOptions lists what it enables.'),
          ...content,
        })
        .refine(hasContent, oneContent)
        .describe('A voucher that the device takes, before it is put into base64; needed for SetVouchers.'),
    ),
  })
  .prefault({})
  .describe('Files to transfer. null, or an entry left out, says that there is none.')
