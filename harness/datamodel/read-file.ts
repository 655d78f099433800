import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { importedModel, readDeviceType } from './device-type.ts'
import type { DataModel } from './model.ts'
import { readModelDocument } from './read-model.ts'
import { DataModelError, type ModelElement, readElements } from './xml-tree.ts'

const MODEL = /^urn:broadband-forum-org:cwmp:datamodel-1-\d+$/
const DEVICE_TYPE = /^urn:broadband-forum-org:cwmp:devicetype-1-\d+$/

/**
 * Reads a data model (DM schema 1.x, whole in itself like the `…-full.xml` of the Broadband Forum) or a device type
 * (DT schema 1.x). A device type names the data model that it restricts; that file is looked for beside it and then in
 * `libraries` (the folder in CWMP_XSD_DIR), also under its name with `-full`.
 * @throws {DataModelError} with one line `file:line: what`
 */
export function readDataModel(file: string, libraries: readonly string[] = officialFolder()): DataModel {
  const document = documentOf(file)
  if (MODEL.test(document.uri)) return readModelDocument(file, document)
  if (!DEVICE_TYPE.test(document.uri)) throw notOfThisKind(file, document)
  const { name, file: named, element } = importedModel(file, document)
  const full = named.replace(/(-full)?\.xml$/, '-full.xml')
  const places = [dirname(file), ...libraries].flatMap((folder) => [
    resolve(folder, named),
    resolve(folder, full),
  ])
  const found = places.find((place) => existsSync(place))
  if (found === undefined)
    throw new DataModelError(
      file,
      element.line,
      `${named} is not in ${[dirname(file), ...libraries].join(', ')}`,
    )
  const imported = documentOf(found)
  if (!MODEL.test(imported.uri)) throw notOfThisKind(found, imported)
  const whole = readModelDocument(found, imported)
  if (whole.name !== name)
    throw new DataModelError(file, element.line, `the model in ${found} is ${whole.name}, not ${name}`)
  return readDeviceType(file, document, whole)
}

function officialFolder(): string[] {
  const folder = process.env.CWMP_XSD_DIR
  return folder ? [folder] : []
}

function documentOf(file: string): ModelElement {
  let source: string
  try {
    source = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new DataModelError(file, undefined, code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`)
  }
  return readElements(file, source)
}

function notOfThisKind(file: string, { name, uri, line }: ModelElement): DataModelError {
  const expected = 'a data model (cwmp:datamodel-1-…) or a device type (cwmp:devicetype-1-…) is expected'
  return new DataModelError(file, line, `${expected}, not <${name}> of ${JSON.stringify(uri)}`)
}
