import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { delimiter, dirname, resolve } from 'node:path'
import type { AdapterProfile, ParsedAdapter } from './adapter-profile.ts'
import { locateDataModel } from './data-model.ts'
import { withRootDefaults } from './gateway-defaults.ts'
import { type Ics, icsAnswersSchema, icsNames } from './ics.ts'
import { JsonSyntaxError, parseJson } from './json.ts'
import { type Profile, profileJsonSchema, profileSchema } from './profile.ts'
import { issueLines, line, ProfileError } from './profile-error.ts'
import { referenceProfile } from './reference-profile.ts'

/**
 * Reads the profile of a device; without a file, that of the reference agent. Defaults are filled in, credentials
 * resolved from the environment, the adapter's paths made absolute (they are relative to the profile).
 * @throws {ProfileError} with one line for each error
 */
export async function loadProfile(file?: string): Promise<Profile> {
  if (file === undefined) {
    return { ...profileSchema.parse(referenceProfile), adapter: { kind: 'reference' } }
  }
  return complete(file, parse(file, await read(file)))
}

/** What a draft of a profile begins with. */
export interface DraftBasis {
  /** The profile as far as it is written. Product, version and root may be stand-ins, and the statement denies everything. */
  readonly profile: Profile
  /** The file as it stands, for what the draft takes over unchanged. */
  readonly written: Readonly<Record<string, unknown>>
  /** Items of the statement that somebody has answered already. */
  readonly answers: Partial<Ics>
}

/**
 * Reads a profile that says no more than how the device is driven (`adapter`) and what differs from the defaults of `pixit`; what else is
 * written has to be right. `null` is no answer to an item.
 * @throws {ProfileError} with one line for each error
 */
export async function loadDraftBasis(file: string): Promise<DraftBasis> {
  const written = parse(file, await read(file))
  if (typeof written !== 'object' || written === null || Array.isArray(written))
    throw new ProfileError([line(file, [], 'an object with at least "adapter"', JSON.stringify(written))])
  const answers = icsAnswersSchema.safeParse('ics' in written ? written.ics : {})
  if (!answers.success) {
    const issues = answers.error.issues.map((issue) => ({ ...issue, path: ['ics', ...issue.path] }))
    throw new ProfileError(issueLines(file, issues, written, profileJsonSchema()))
  }
  const standIn = {
    product: { manufacturer: '-', model: '-', firmware: '-' },
    cwmp: { version: '1.0', root: 'Device.' },
  }
  const ics = Object.fromEntries(icsNames.map((name) => [name, false]))
  const profile = complete(file, { ...standIn, ...written, ics })
  return { profile, written: { ...written }, answers: answers.data }
}

function complete(file: string, written: unknown): Profile {
  const result = profileSchema.safeParse(withRootDefaults(written))
  if (!result.success) {
    throw new ProfileError(issueLines(file, result.error.issues, written, profileJsonSchema()))
  }
  const { $schema: _forEditors, ...profile } = result.data
  const { dataModel } = profile
  const files = locateFiles(file, profile.pixit.files)
  return {
    ...profile,
    pixit: { ...profile.pixit, files },
    adapter: locate(file, profile.adapter),
    ...(dataModel ? { dataModel: locateDataModel(file, dirname(resolve(file)), dataModel) } : {}),
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const reasons: Record<string, string> = {
      ENOENT: 'no such file',
      EISDIR: 'a folder',
      EACCES: 'a file that may not be read',
    }
    throw new ProfileError([line(file, [], 'the profile of a device', reasons[code] ?? code)])
  }
}

function parse(file: string, source: string): unknown {
  try {
    return parseJson(source)
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    throw new ProfileError([`${file}: line ${error.line}, column ${error.column}: ${error.message}`])
  }
}

function locate(file: string, adapter: ParsedAdapter): AdapterProfile {
  const folder = dirname(resolve(file))
  if (adapter.kind === 'module') {
    const path = resolve(folder, adapter.file)
    if (!isFile(path)) {
      throw new ProfileError([
        line(file, ['adapter', 'file'], 'a TypeScript or JavaScript file', `${adapter.file} (no such file)`),
      ])
    }
    return { ...adapter, file: path }
  }
  if (adapter.kind === 'command') {
    const [program = '', ...rest] = adapter.command
    const found = findProgram(program, folder)
    if (!found) {
      const expected = program.includes('/') ? 'an executable file' : 'a program on the PATH'
      const got = `${program} (${program.includes('/') && isFile(resolve(folder, program)) ? 'not executable' : 'no such file'})`
      throw new ProfileError([line(file, ['adapter', 'command', 0], expected, got)])
    }
    return { ...adapter, command: [found, ...rest], folder }
  }
  const existing = (path: readonly PropertyKey[], name: string): string => {
    const found = resolve(folder, name)
    if (existsSync(found)) return found
    throw new ProfileError([line(file, ['adapter', ...path], 'a file', `${name} (no such file)`)])
  }
  if (adapter.kind === 'ssh' && adapter.privateKeyFile !== undefined)
    return { ...adapter, privateKeyFile: existing(['privateKeyFile'], adapter.privateKeyFile) }
  if (adapter.kind === 'container')
    return {
      ...adapter,
      mounts: adapter.mounts.map((mount, at) => ({
        ...mount,
        source: existing(['mounts', at, 'source'], mount.source),
      })),
      files: adapter.files.map((each, at) => ({
        ...each,
        template: existing(['files', at, 'template'], each.template),
      })),
    }
  return adapter
}

/** The files to transfer, their paths absolute. */
function locateFiles<Files extends object>(profile: string, files: Files): Files {
  const folder = dirname(resolve(profile))
  const locateIn = <T>(value: T, path: readonly PropertyKey[]): T => {
    if (Array.isArray(value)) return value.map((each, index) => locateIn(each, [...path, index])) as T
    if (typeof value !== 'object' || value === null) return value
    const { file, ...others } = value as { file?: string }
    if (file === undefined) {
      const located = Object.entries(value).map(([key, each]) => [key, locateIn(each, [...path, key])])
      return Object.fromEntries(located) as T
    }
    if (!isFile(resolve(folder, file)))
      throw new ProfileError([line(profile, [...path, 'file'], 'a file', `${file} (no such file)`)])
    return { ...others, file: resolve(folder, file) } as T
  }
  return locateIn(files, ['pixit', 'files'])
}

/** A program's absolute path: relative to the folder when its name has a slash, otherwise looked for on the PATH. */
function findProgram(program: string, folder: string): string | undefined {
  const candidates = program.includes('/')
    ? [resolve(folder, program)]
    : (process.env.PATH ?? '').split(delimiter).map((path) => resolve(path, program))
  return candidates.find(isExecutable)
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function isExecutable(path: string): boolean {
  if (!isFile(path)) return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
