import { randomInt } from 'node:crypto'
import { commandName, programName } from '../command-name.ts'
import type { Budget, Shard } from '../fuzz/campaign/campaign.ts'
import { type Phase, phases } from '../fuzz/campaign/field.ts'
import { nearest } from '../nearest.ts'
import { type PeersChoice, peersChoices } from '../peers/peers.ts'
import type { Level } from '../report/report.ts'

/** What was typed after `npm test --`. */
export interface Arguments {
  readonly suites: readonly string[]
  readonly dut: string | undefined
  readonly grep: string | undefined
  readonly seed: number
  /** Whether the seed was typed. */
  readonly isSeedGiven: boolean
  readonly out: string | undefined
  readonly list: 'no' | 'text' | 'json'
  readonly level: Level
  readonly peers: PeersChoice
  /** How much fuzzing there is in all; each fuzzing case has its own default. */
  readonly budget: Budget | undefined
  /** Phases of fuzzing; all unless given. */
  readonly phases: readonly Phase[] | undefined
  /** Repro file: only what it names is met. */
  readonly replay: string | undefined
  readonly shard: Shard | undefined
  /** Run again whenever something below these paths changes; the profile's or the agent's own where the list is empty. */
  readonly watch: readonly string[] | undefined
  /** Somebody is there who can be asked. */
  readonly interactive: boolean
  /** File of known failures. */
  readonly waivers: string | undefined
  /** Report of which only the cases that were FAIL, ERROR or STALE are met. */
  readonly rerunFailed: string | undefined
  /** The only cases that are met: those that the report names. */
  readonly ids?: readonly string[]
  /** Whether the report becomes a sealed bundle. */
  readonly certify: boolean
  /** PEM file of the key that signs it. */
  readonly sign: string | undefined
  readonly help: boolean
  /** What followed a further `--`, for vitest. */
  readonly vitest: readonly string[]
}

/** A command line that cannot be carried out; its message is the one line that the user sees. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const usage = `Usage: ${commandName} [options] [-- options for vitest]

  --suite NAME    run this suite only; may be repeated (default: all, and the unit tests)
  --dut FILE      profile of the device under test (default: the reference agent)
  --grep RE       only cases whose id and title match the regular expression
  --level L       must, should or may: the lowest level that still runs (default: may)
  --peers P       embedded: peers played by the harness; containers: real ones where a case permits;
                  auto: both where a Docker engine answers (default: auto with --suite, else embedded);
                  the suite interop has a real ACS in any case, and without --suite runs where that can be had
  --budget N      so many fuzzed cases, or 90s, 10m, 8h of them, shared by the fuzzing cases of the run (default: each its own)
  --phases A,B    phases of fuzzing: examples, coverage, mutation, stateful (default: all)
  --replay FILE   meet again what a repro file holds, and nothing else: FIXED, FAILED or ERROR
  --shard I/N     the I-th of N parts of the run; ${programName('merge-reports')} puts the reports together
  --waivers FILE  known failures, each with an owner and an end date (docs/gating.md)
  --rerun-failed REPORT
                  only the cases that were FAIL, ERROR or STALE there, with its seed and device unless others are given
  --certify       run everything and seal the report as a bundle of evidence (docs/certifying.md)
  --sign KEY      with --certify: sign the bundle with this Ed25519 private key (PEM)
  --seed N        seed of everything random, 0 to 4294967295 (default: a new one, printed)
  --out DIR       report folder (default: reports/<time of the run>)
  --watch [PATH]  run again whenever the agent's files change: those below PATH (may be repeated), or below the profile's "watch"
  --interactive   ask the person at the terminal, where the profile says that the device is driven by hand
  --list [json]   print the cases of the selection and run nothing
  --help          print this

Exit codes: 0 passed or FIXED · 1 failed · 2 wrong usage, profile or waivers · 3 harness error or dead device · 4 nothing executed · 130 interrupted`

const withValue = [
  ...['--suite', '--dut', '--grep', '--seed', '--out', '--level', '--peers'],
  ...['--budget', '--phases', '--replay', '--shard', '--waivers', '--rerun-failed', '--sign'],
]
/** A repro file says by itself what is to be met; these would say it again. */
const notWithReplay = [
  ...['--suite', '--grep', '--level', '--budget', '--phases', '--shard', '--list'],
  ...['--waivers', '--rerun-failed', '--certify'],
]
/** A report says by itself which suites are met. */
const notWithRerun = ['--suite', '--shard', '--list', '--certify']
const flags = ['--interactive', '--certify', '--help']
const known = [...withValue, '--list', '--watch', ...flags]

/**
 * Reads the command line. `suites` are the names that `--suite` may take.
 * @throws UsageError naming what is wrong and, where one is near, what was probably meant.
 */
export function parseArguments(argv: readonly string[], suites: readonly string[]): Arguments {
  const end = argv.indexOf('--')
  const own = end === -1 ? argv : argv.slice(0, end)
  const given = readOptions(own)

  checkTogether('--replay', notWithReplay, given)
  checkTogether('--rerun-failed', notWithRerun, given)
  if (given.has('--sign') && !given.has('--certify'))
    throw new UsageError('--sign needs --certify: only a bundle is signed')
  if (given.has('--certify') && given.has('--watch'))
    throw new UsageError('--watch does not go with --certify: a bundle is of one run')
  if (given.has('--shard') && !given.has('--seed'))
    throw new UsageError('--shard needs --seed: all parts of a run share one')

  const chosen = given.get('--suite') ?? []
  for (const suite of chosen) {
    if (!suites.includes(suite))
      throw new UsageError(`unknown suite "${suite}"${meant(suite, suites)}; there are ${suites.join(', ')}`)
  }
  const grep = given.get('--grep')?.at(-1)
  if (grep !== undefined) checkPattern(grep)

  return {
    suites: [...new Set(chosen)],
    dut: given.get('--dut')?.at(-1),
    grep,
    seed: seedOf(given.get('--seed')?.at(-1)),
    isSeedGiven: given.has('--seed'),
    out: given.get('--out')?.at(-1),
    list: listOf(given.get('--list')?.at(-1)),
    level: levelOf(given.get('--level')?.at(-1)),
    peers: peersOf(given.get('--peers')?.at(-1) ?? (chosen.length > 0 ? 'auto' : 'embedded')),
    budget: budgetOf(given.get('--budget')?.at(-1)),
    phases: phasesOf(given.get('--phases')?.at(-1)),
    replay: given.get('--replay')?.at(-1),
    shard: shardOf(given.get('--shard')?.at(-1)),
    watch: given.get('--watch')?.filter((path) => path !== ''),
    interactive: given.has('--interactive'),
    waivers: given.get('--waivers')?.at(-1),
    rerunFailed: given.get('--rerun-failed')?.at(-1),
    certify: given.has('--certify'),
    sign: given.get('--sign')?.at(-1),
    help: given.has('--help'),
    vitest: end === -1 ? [] : argv.slice(end + 1),
  }
}

function readOptions(own: readonly string[]): Map<string, string[]> {
  const given = new Map<string, string[]>()
  for (let at = 0; at < own.length; at++) {
    const word = own[at] as string
    const equals = word.startsWith('--') ? word.indexOf('=') : -1
    const name = equals === -1 ? word : word.slice(0, equals)
    if (!known.includes(name)) {
      const kind = name.startsWith('-') ? 'option' : 'argument'
      throw new UsageError(`unknown ${kind} "${name}"${meant(name, known)}; see ${commandName} --help`)
    }
    let value = equals === -1 ? undefined : word.slice(equals + 1)
    if (name === '--list') {
      if (value === undefined && own[at + 1] === 'json') value = own[++at]
    } else if (name === '--watch') {
      if (value === undefined && takesPath(own, at)) value = own[++at]
    } else if (flags.includes(name)) {
      if (value !== undefined) throw new UsageError(`${name} takes no value`)
    } else if (value === undefined) {
      value = own[++at]
      if (value === undefined || known.includes(value)) throw new UsageError(`${name} needs a value`)
    }
    given.set(name, [...(given.get(name) ?? []), value ?? ''])
  }
  return given
}

/** Whether the word behind `--watch` is its path. */
export function takesPath(own: readonly string[], at: number): boolean {
  const next = own[at + 1]
  return next !== undefined && !next.startsWith('--')
}

function meant(name: string, candidates: readonly string[]): string {
  const suggestion = nearest(name, candidates)
  return suggestion === undefined ? '' : `, did you mean "${suggestion}"?`
}

function checkPattern(grep: string): void {
  try {
    new RegExp(grep)
  } catch (error) {
    throw new UsageError(`--grep "${grep}": ${(error as Error).message}`)
  }
}

function seedOf(text: string | undefined): number {
  if (text === undefined) return randomInt(2 ** 32)
  const seed = Number(text)
  if (!/^\d+$/.test(text) || seed >= 2 ** 32)
    throw new UsageError(`--seed "${text}": expected a whole number from 0 to 4294967295`)
  return seed
}

function listOf(text: string | undefined): Arguments['list'] {
  if (text === undefined) return 'no'
  if (text === '' || text === 'text') return 'text'
  if (text === 'json') return 'json'
  throw new UsageError(`--list "${text}": expected json, or nothing`)
}

function levelOf(text: string | undefined): Level {
  const level = (text ?? 'may').toUpperCase()
  if (level === 'MUST' || level === 'SHOULD' || level === 'MAY') return level
  throw new UsageError(`--level "${text}": expected must, should or may`)
}

function peersOf(text: string): PeersChoice {
  const choice = peersChoices.find((each) => each === text)
  if (choice) return choice
  throw new UsageError(`--peers "${text}": expected ${peersChoices.join(', ').replace(/, (?=\w+$)/, ' or ')}`)
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000 } as const

function budgetOf(text: string | undefined): Budget | undefined {
  if (text === undefined) return undefined
  const [, count, unit] = /^([1-9]\d{0,8})([smh]?)$/.exec(text) ?? []
  if (count === undefined)
    throw new UsageError(
      `--budget "${text}": expected a number of cases from 1 to 999999999, or a time such as 90s, 10m or 8h`,
    )
  return unit ? { ms: Number(count) * unitMs[unit as keyof typeof unitMs] } : { cases: Number(count) }
}

function phasesOf(text: string | undefined): Phase[] | undefined {
  if (text === undefined) return undefined
  const named = text.split(',')
  const unknown = named.find((name) => !phases.some((phase) => phase === name))
  if (unknown !== undefined)
    throw new UsageError(
      `--phases "${text}": unknown phase "${unknown}"${meant(unknown, phases)}; there are ${phases.join(', ')}`,
    )
  return phases.filter((phase) => named.includes(phase))
}

function shardOf(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined
  const [, index, of] = /^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(text) ?? []
  if (index === undefined || Number(index) > Number(of))
    throw new UsageError(`--shard "${text}": expected I/N with I from 1 to N, for example 2/4`)
  return { index: Number(index), of: Number(of) }
}

function checkTogether(
  name: '--replay' | '--rerun-failed',
  others: readonly string[],
  given: ReadonlyMap<string, readonly string[]>,
): void {
  const superfluous = given.has(name) ? others.find((other) => given.has(other)) : undefined
  if (superfluous !== undefined)
    throw new UsageError(`${superfluous} does not go with ${name}: the file says what is to be met`)
}
