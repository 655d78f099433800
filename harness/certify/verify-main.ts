import { parseArgs } from 'node:util'
import { commandName, programName } from '../command-name.ts'
import { printable } from '../report/report.ts'
import { sayUnforeseen } from '../system-error.ts'
import { readPublicKey } from './keys.ts'
import { BundleError } from './sums.ts'
import { type Verification, verifyBundle } from './verify.ts'

const usage = `Usage: ${programName('verify-bundle')} FOLDER [--key PUB.pem]

Checks a bundle of ${commandName} --certify: each file's sum, that none is missing or added, and the signature.
  --key PUB.pem   the Ed25519 public key that it must be signed with (without it, the key that the bundle brings is believed)
  --help          print this

Exit codes: 0 as it was sealed · 1 something was altered; each file is named · 2 wrong usage, or no such folder or key · 3 it could not be read
The exit code says nothing about the device: the last lines do, and statement.json.`

/** Carries out the command line and returns the exit code. */
export async function verifyMain(argv: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = read(argv)
    if (values.help) {
      console.log(usage)
      return 0
    }
    const [folder] = positionals
    if (folder === undefined || positionals.length > 1)
      throw new BundleError(`expected one folder, got ${positionals.length}; see --help`)
    const key = values.key === undefined ? undefined : await readPublicKey(values.key)
    return say(folder, await verifyBundle(folder, key))
  } catch (error) {
    if (!(error instanceof BundleError)) return sayUnforeseen(error)
    console.error(error.message)
    return 2
  }
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: { key: { type: 'string' }, help: { type: 'boolean', default: false } },
      allowPositionals: true,
    })
  } catch (error) {
    throw new BundleError(`${(error as Error).message.split('\n', 1)[0]}; see --help`)
  }
}

function say(folder: string, { flaws, files, signedBy, isKeyKnown, statement }: Verification): number {
  if (flaws.length > 0) {
    for (const { file, what } of flaws) console.error(printable(`${file}: ${what}`))
    console.error(`${folder} is not as it was sealed`)
    return 1
  }
  console.log(`${folder}: ${files} files are as they were sealed`)
  if (signedBy === undefined)
    console.log('not signed: whoever could write to the folder could have sealed it anew')
  else
    console.log(
      `signed by ${signedBy}${isKeyKnown ? ', the key given' : ', the key that the bundle brings: compare it with one that you trust, or give that with --key'}`,
    )
  if (statement) {
    const { dut, suite, startedAt, result, because } = statement
    console.log(
      printable(
        `${dut.manufacturer} ${dut.model} ${dut.firmware} · suite ${suite.version} (${suite.commit}) · ${startedAt}`,
      ),
    )
    console.log(printable([result, ...because].join('\n  ')))
  }
  return 0
}
