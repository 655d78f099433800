import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { issueLines, JsonSyntaxError, parseJson } from '../dut/dut.ts'
import { nearest } from '../nearest.ts'
import type { Waiver } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'
import { containerProject } from '../suite-names.ts'

/** A file of waivers that cannot be used; the message has one line for each error. Exit code 2. */
export class WaiverError extends Error {
  override readonly name = 'WaiverError'
}

const text = z.string().trim().min(1)

/** No failure reads like one of these, and no two of them are alike: what matches all would match whatever a device does. */
const unlikeTexts: readonly string[] = [
  'floccinaucinihilipilification',
  'seven old wizards juggle 13 pumpkins',
  'Mrs. Quartz: "by hook, by crook!"',
  'Ångström & the grey sphinx (x/y)\nhid it in felt',
]

// Reads as what was got instead of a pattern, in the words of every other error.
const pattern = text.superRefine((source, context) => {
  const fail = (message: string) =>
    context.addIssue({ code: 'custom', message, params: { got: JSON.stringify(source) } })
  try {
    const expression = new RegExp(source)
    if (expression.test('') || unlikeTexts.every((each) => expression.test(each)))
      fail('a pattern that does not match everything')
  } catch (error) {
    fail(`a regular expression (${(error as Error).message})`)
  }
})

const waiverSchema = z.strictObject({
  id: text.describe('The case, for example RPC-GPV-004.'),
  suite: text
    .optional()
    .describe('Only where the case meets more than one peer: xmpp, or xmpp@prosody for the real one.'),
  kind: z
    .enum(['known-failure', 'flaky'])
    .describe('known-failure: fails each time, and is red once it passes. flaky: may pass, too.'),
  expected: z
    .union([text, z.strictObject({ pattern })], { error: 'a text or { "pattern": "regular expression" }' })
    .describe(
      'What must stand in the failure, as the report has it under "actual"; any other failure is red.',
    ),
  reason: text.describe('Why the failure is accepted for now.'),
  owner: text.describe('Who sees to it that it is mended.'),
  link: z
    .url({ protocol: /^https?$/, error: 'the address of an issue, such as "https://issues.example.com/42"' })
    .describe('Where the work on it is to be seen.'),
  until: z.iso
    .date({ error: 'a day such as "2027-03-01"' })
    .describe('The last day, in UTC, on which the waiver counts.'),
})

const fileSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For editors: where the JSON Schema of this file lies.'),
    waivers: z.array(waiverSchema).describe('One for each case.'),
  })
  .meta({ title: 'Waivers (npm test -- --waivers FILE)' })

/** JSON Schema (draft 2020-12) of the file for editors; `docs/waivers.schema.json` is this, written out. */
export function waiversJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(fileSchema, { io: 'input' })
}

/**
 * Reads a file of waivers.
 * @param suitesOfCases the suite of each case by its id; asked only where a waiver names a suite
 * @throws WaiverError with a line for each error: what is malformed, names a case that does not exist or a suite that has not
 * that case, or waives one case twice
 */
export async function readWaivers(
  file: string,
  requirements: ReadonlyMap<string, Requirement>,
  suitesOfCases: () => ReadonlyMap<string, string>,
): Promise<readonly Waiver[]> {
  const written = parse(file, await read(file))
  const result = fileSchema.safeParse(written)
  if (!result.success) {
    const { issues } = result.error
    // Another file altogether: what else is wrong with it helps nobody.
    const isOther = issues.filter(({ path }) => path.length === 1 && path[0] === 'waivers')
    const told = isOther.length > 0 ? isOther : issues
    throw new WaiverError(issueLines(file, told, written, waiversJsonSchema()).join('\n'))
  }
  const { waivers } = result.data
  const suites = waivers.some(({ suite }) => suite !== undefined) ? suitesOfCases() : new Map()
  const errors = waivers.flatMap((waiver, at) => {
    const error =
      unknownCase(waiver, requirements) ?? otherSuite(waiver, suites) ?? twice(waiver, waivers.slice(0, at))
    return error === undefined ? [] : [`${file}: waivers[${at}]${error}`]
  })
  if (errors.length > 0) throw new WaiverError(errors.join('\n'))
  return waivers
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const reasons: Record<string, string> = {
      ENOENT: 'no such file',
      EISDIR: 'a folder',
      EACCES: 'a file that may not be read',
    }
    throw new WaiverError(`${file}: expected a file of waivers, got ${reasons[code] ?? code}`)
  }
}

function parse(file: string, source: string): unknown {
  try {
    return parseJson(source)
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    throw new WaiverError(`${file}: line ${error.line}, column ${error.column}: ${error.message}`)
  }
}

function unknownCase({ id }: Waiver, requirements: ReadonlyMap<string, Requirement>): string | undefined {
  const record = requirements.get(id)
  const meant = nearest(id, requirements.keys())
  const suggestion = meant === undefined ? '' : `, did you mean ${meant}?`
  if (!record) return `.id: expected a case of this suite, got "${id}"${suggestion}`
  if (record.excluded !== undefined) return `.id: expected a case, got ${id}, which the wire cannot show`
  if (record.retired !== undefined) return `.id: expected a case, got ${id}, which is retired`
  return undefined
}

/** A waiver for a suite that has not the case would never be looked at, and nobody would know that it waives nothing. */
function otherSuite({ id, suite }: Waiver, suites: ReadonlyMap<string, string>): string | undefined {
  if (suite === undefined) return undefined
  if (id.startsWith('UNI-')) return `.suite: expected nothing, because ${id} is examined in all suites`
  const own = suites.get(id)
  if (own === undefined) return `.suite: expected nothing, because no suite has a case ${id}`
  const expected = [own, containerProject(own)].filter((name) => name !== undefined)
  return expected.includes(suite)
    ? undefined
    : `.suite: expected ${expected.join(' or ')}, where ${id} is, got "${suite}"`
}

function twice({ id, suite }: Waiver, others: readonly Waiver[]): string | undefined {
  const isTwice = others.some(
    (other) => other.id === id && (other.suite === suite || suite === undefined || other.suite === undefined),
  )
  return isTwice ? `.id: expected each case once, got ${id} again` : undefined
}
