/** The device's configuration as a file: UCI text, as its operators know it (file type 3). */
import { CONFIGURED_PARAMETERS, fromOption, toOption, UciFile } from '../config/config.ts'
import type { ParameterTree } from '../datamodel/datamodel.ts'
import type { Log } from '../platform/platform.ts'
import { CwmpFault } from '../soap/soap.ts'
import { FileTransferError } from './failure.ts'

/** Options that no file shows. */
const SECRETS = ['acs.passwd', 'cpe.passwd']

/** The present configuration, but for its secrets. */
export function writeConfigurationFile(tree: ParameterTree): string {
  const file = new UciFile('')
  for (const { option, path, form } of CONFIGURED_PARAMETERS) {
    const value = tree.get(path)?.value
    const [section = '', name = ''] = option.split('.')
    if (value !== undefined && !SECRETS.includes(option)) file.set(section, name, toOption(form, value))
  }
  return file.toString()
}

/** Reads a configuration file. Throws FileTransferError for a text that is no UCI or has no section. */
export function readConfigurationFile(text: string): UciFile {
  const file = new UciFile(text)
  const [mistake] = file.mistakes
  if (mistake) refuse(`line ${mistake.line}: ${mistake.message}`)
  if (file.sections.length === 0) refuse('it has no section')
  return file
}

/**
 * Puts a configuration file into effect, as far as it speaks of what an ACS may set; the rest gets a line in the log. All of it, or none when the data model refuses a
 * value: FileTransferError says which.
 */
export function applyConfigurationFile(text: string, tree: ParameterTree, log: Log): void {
  const file = readConfigurationFile(text)
  const values: Record<string, string> = {}
  const used = new Set<string>()
  for (const { option, path, form } of CONFIGURED_PARAMETERS) {
    const [section = '', name = ''] = option.split('.')
    const said = file.get(section, name)
    if (said === undefined || !isSettable(tree, path)) continue
    used.add(option)
    values[path] = fromOption(form, said) ?? refuse(`${option}: 0 or 1 is expected`)
  }
  for (const { type, name, options } of file.sections) {
    for (const option of options.keys()) {
      const key = `${name === '' ? type : name}.${option}`
      if (!used.has(key)) log.notice(`configuration file: ${key} means nothing here`)
    }
  }
  try {
    tree.setAllLocally(values)
  } catch (error) {
    if (!(error instanceof CwmpFault)) throw error
    refuse(error.message)
  }
}

function isSettable(tree: ParameterTree, path: string): boolean {
  return tree.get(path) !== undefined && tree.names(path, false).some(({ writable }) => writable)
}

function refuse(reason: string): never {
  throw new FileTransferError('corrupted', `configuration file: ${reason}`)
}
