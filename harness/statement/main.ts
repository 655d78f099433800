import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { programName } from '../command-name.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { loadDraftBasis, ProfileError } from '../dut/dut.ts'
import { ConformanceFailure, HarnessError } from '../failure.ts'
import { sayUnforeseen } from '../system-error.ts'
import { type Draft, draftProfile } from './draft.ts'

const usage = `Usage: ${programName('ics-draft')} --dut FILE [--out FILE]

Asks a device what it has, and writes the draft of its profile (dut.json): the statement with what was seen, parameters to work with, and
notes of what a human has to answer; those items are null, which the suites do not take.
  --dut FILE   a profile with at least "adapter"; where it says more, such as pixit.acs, pixit.timing, credentials or answers, that is kept,
               and a note says where the device shows otherwise
  --out FILE   where the draft goes (default: standard output); in the same folder, for paths in a profile are relative to it
Exit codes: 0 written · 2 wrong usage or profile · 3 the device did not come, the adapter is broken, or the disk is full
What device and bench have said to each other stands in reports/ics-draft.txt.`

/** Carries out the command line and returns the exit code; the remarks of the draft go to stderr. */
export async function icsDraftMain(argv: readonly string[]): Promise<number> {
  let given: { dut?: string; out?: string; help?: boolean }
  try {
    given = parseArgs({
      args: [...argv],
      options: { dut: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean' } },
    }).values
  } catch (error) {
    console.error(`${(error as Error).message.split('\n', 1)[0]}; see ${programName('ics-draft')} --help`)
    return 2
  }
  if (given.help) {
    console.log(usage)
    return 0
  }
  if (!given.dut) {
    console.error(
      `--dut: expected a profile with at least "adapter", got nothing; see ${programName('ics-draft')} --help`,
    )
    return 2
  }
  const transcript = new Transcript()
  try {
    const draft = await draftProfile(await loadDraftBasis(given.dut), transcript)
    await write(draft, given.out)
    for (const line of linesOf(draft)) console.error(line)
    console.error(`what was said: ${await keep(transcript)}`)
    return 0
  } catch (error) {
    if (error instanceof ProfileError) {
      console.error(error.message)
      return 2
    }
    if (error instanceof ConformanceFailure || error instanceof HarnessError) {
      console.error(error.message)
      console.error(`what was said until then: ${await keep(transcript)}`)
      return 3
    }
    return sayUnforeseen(error)
  }
}

/** Writes what device and bench have said to each other, and returns where. */
async function keep(transcript: Transcript): Promise<string> {
  const file = join('reports', 'ics-draft.txt')
  await mkdir('reports', { recursive: true })
  await writeFile(file, transcript.render(transcript.since(0)))
  return file
}

/** @throws {ProfileError} when the file cannot be written */
async function write(draft: Draft, file: string | undefined): Promise<void> {
  const text = `${JSON.stringify(draft.profile, null, 2)}\n`
  if (file === undefined) {
    process.stdout.write(text)
    return
  }
  try {
    await writeFile(file, text)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ProfileError([`--out ${file}: expected a file that can be written, got ${code}`])
  }
}

function linesOf({ profile, remarks }: Draft): string[] {
  const open = Object.entries(profile.ics).filter(([, answer]) => answer === null)
  return [
    ...Object.entries(remarks).map(([key, note]) => `${key}: ${note}`),
    `${open.length} items of the statement are left to you: ${open.map(([name]) => name).join(', ') || 'none'}`,
  ]
}
