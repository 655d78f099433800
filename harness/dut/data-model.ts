import { resolve } from 'node:path'
import { z } from 'zod'
import { type DataModel, DataModelError, readDataModel } from '../datamodel/datamodel.ts'
import { ProfileError } from './profile-error.ts'

/** The data model that a profile names, and how carefully the suite `datamodel` goes about it. */

const text = z.string().min(1)
const pattern = text.regex(
  /^[A-Za-z_*][\w*-]*(\.[\w*[\]-]+)*\.?$/,
  'a path such as "Device.WiFi.*.Enable"; * stands for anything, a dot at the end for all below',
)

export const dataModelSchema = z
  .strictObject({
    file: text.describe(
      'A data model (DM schema, whole in itself like the …-full.xml files) or a device type (DT schema); relative to the profile.',
    ),
    kind: z
      .enum(['standard', 'device'])
      .optional()
      .describe(
        'standard: the device has a part of what the file defines. device: it has all of it. Without it, a data model is standard and a device type is device.',
      ),
    profiles: z
      .array(text)
      .default([])
      .describe('Profiles of the data model that the device claims, such as "Baseline:1".'),
    untouched: z
      .array(pattern)
      .default([])
      .describe('Parameters that no case writes, besides those that could cut the bench off.'),
    touched: z
      .array(pattern)
      .default([])
      .describe('Parameters on the way between device and bench that may be written all the same.'),
  })
  .describe('What the device is examined against, object by object; without it the cases of that are N/A.')

/** With `file` absolute. */
export type DataModelProfile = z.output<typeof dataModelSchema>

/**
 * The entry with its file's absolute path, the file having been read once.
 * @throws {ProfileError} with the line of the data model file that is wrong, or the profile that it does not define
 */
export function locateDataModel(
  profileFile: string,
  folder: string,
  entry: DataModelProfile,
): DataModelProfile {
  const file = resolve(folder, entry.file)
  let model: DataModel
  try {
    model = readDataModel(file)
  } catch (error) {
    if (!(error instanceof DataModelError)) throw error
    throw new ProfileError([error.message])
  }
  const unknown = entry.profiles.find((name) => !model.profiles.has(name))
  if (unknown !== undefined)
    throw new ProfileError([`${profileFile}: dataModel.profiles: ${model.name} has no profile "${unknown}"`])
  return { ...entry, file }
}
