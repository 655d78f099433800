import { parseArgs } from 'node:util'
import { measureAcsPairs } from './acs-pairs.ts'
import { measureReadOut } from './read-out.ts'

/** One line of the table: a figure of ours, the figure of the bare work from the same run, and their ratio. */
export interface Measurement {
  readonly name: string
  readonly unit: string
  readonly ours: number
  readonly bare: number
  readonly ratio: number
}

const benchmarks: Readonly<Record<string, (progress: (line: string) => void) => Promise<Measurement>>> = {
  'acs-pairs': measureAcsPairs,
  'read-out': measureReadOut,
}

const { values } = parseArgs({ options: { json: { type: 'boolean' } } })
// With --json, stdout carries the array and nothing else.
const progress = (line: string): void => console.error(line)
const measured: Measurement[] = []
for (const [name, measure] of Object.entries(benchmarks)) {
  progress(`${name} …`)
  measured.push(await measure(progress))
}

if (values.json) console.log(JSON.stringify(measured, null, 2))
else {
  const row = (...cells: string[]): string =>
    cells.map((cell, index) => (index < 2 ? cell.padEnd(14) : cell.padStart(12))).join(' ')
  console.log(row('name', 'unit', 'ours', 'bare', 'ratio'))
  for (const { name, unit, ours, bare, ratio } of measured)
    console.log(row(name, unit, ours.toFixed(1), bare.toFixed(1), ratio.toFixed(3)))
}
