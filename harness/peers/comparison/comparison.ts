import { readFileSync } from 'node:fs'

/** What was seen of one exchange: by name, as short texts that can be compared. */
export type Facts = Readonly<Record<string, string>>

/** What was seen, by the name of the exchange. */
export type Seen = ReadonlyMap<string, Facts>

/** One way in which a scripted peer differs from a real one, and why that is all right. */
export interface Difference {
  /** The exchanges in which it shows; it has to show in each. `all`: in each of the list. */
  readonly exchanges: readonly string[] | 'all'
  readonly fact: string
  /** `none` where the fact is not there. */
  readonly scripted: string
  readonly real: string
  readonly why: string
}

/** Reads a table of differences. */
export function readDifferences(file: URL): Difference[] {
  return JSON.parse(readFileSync(file, 'utf8')) as Difference[]
}

/**
 * Holds what was seen of a scripted peer against what was seen of a real one.
 * @returns what the table does not say, and what it says and is not so (any more), one line each; none when they differ as the table has it
 */
export function undeclared(scripted: Seen, real: Seen, table: readonly Difference[]): string[] {
  const all = [...new Set([...scripted.keys(), ...real.keys()])]
  const found = all.flatMap((exchange) => differencesIn(exchange, scripted.get(exchange), real.get(exchange)))
  const declared = table.flatMap(({ exchanges, ...difference }) =>
    (exchanges === 'all' ? all : exchanges).map((exchange) => lineOf({ exchange, ...difference })),
  )
  return [
    ...found.filter((line) => !declared.includes(line)).map((line) => `besides: ${line}`),
    ...declared.filter((line) => !found.includes(line)).map((line) => `not seen: ${line}`),
  ]
}

function differencesIn(exchange: string, scripted: Facts | undefined, real: Facts | undefined): string[] {
  const both = { ...scripted, ...real }
  return Object.keys(both)
    .map((fact) => ({
      exchange,
      fact,
      scripted: scripted?.[fact] ?? 'none',
      real: real?.[fact] ?? 'none',
    }))
    .filter((one) => one.scripted !== one.real)
    .filter(
      ({ fact }) =>
        !isBelow(fact, (above) => (scripted?.[above] === undefined) !== (real?.[above] === undefined)),
    )
    .map(lineOf)
}

/** Whether a fact is about a part of something of which only one of them has anything at all: that it is there says enough. */
function isBelow(fact: string, isOneSided: (above: string) => boolean): boolean {
  return [...fact.matchAll(/\/| @| text$/g)].some(({ index }) => isOneSided(fact.slice(0, index)))
}

interface Observed extends Pick<Difference, 'fact' | 'scripted' | 'real'> {
  readonly exchange: string
}

function lineOf({ exchange, fact, scripted, real }: Observed): string {
  return `${exchange}, ${fact}: scripted "${scripted}", real "${real}"`
}
