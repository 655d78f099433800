import { parseArgs } from 'node:util'
import { Untestable } from '../failure.ts'
import { measureAcsPairs } from './acs-pairs.ts'
import { measureAgentsMemory } from './agents-memory.ts'
import { measureReadOut } from './read-out.ts'
import { measureReportPage } from './report-page.ts'
import { measureSessions } from './sessions.ts'
import { measureSoapFuzz } from './soap-fuzz.ts'
import { measureTr181Load, measureTr181ReadOut, officialTr181 } from './tr-181.ts'
import { measureXmppFuzz } from './xmpp-fuzz.ts'
import { measureXmppLogin } from './xmpp-login.ts'

/** One line of the table: a figure of ours, the figure of the bare work from the same run, and their ratio. */
export interface Measurement {
  readonly name: string
  readonly unit: string
  readonly ours: number
  readonly bare: number
  readonly ratio: number
}

const benchmarks: Readonly<
  Record<string, (progress: (line: string) => void) => Promise<Measurement | Measurement[]>>
> = {
  'acs-pairs': measureAcsPairs,
  'read-out': measureReadOut,
  sessions: measureSessions,
  'agents-memory': measureAgentsMemory,
  'soap-fuzz': measureSoapFuzz,
  'xmpp-fuzz': measureXmppFuzz,
  'xmpp-login': measureXmppLogin,
  'report-page': measureReportPage,
  'tr-181-load': measureTr181Load,
  'tr-181-read-out': measureTr181ReadOut,
}

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true })
// With --json, stdout carries the array and nothing else.
const progress = (line: string): void => console.error(line)
const measured: Measurement[] = []
for (const [name, measure] of Object.entries(benchmarks)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  if (name.startsWith('tr-181') && !officialTr181()) {
    progress(`${name}: left out, for CWMP_XSD_DIR names no directory with the official data models`)
    continue
  }
  progress(`${name} …`)
  try {
    measured.push(...[await measure(progress)].flat())
  } catch (error) {
    if (!(error instanceof Untestable)) throw error
    progress(`${name}: left out, for ${error.message}`)
  }
}

if (values.json) console.log(JSON.stringify(measured, null, 2))
else {
  const row = (...cells: string[]): string =>
    cells.map((cell, index) => (index < 2 ? cell.padEnd(16) : cell.padStart(12))).join(' ')
  console.log(row('name', 'unit', 'ours', 'bare', 'ratio'))
  for (const { name, unit, ours, bare, ratio } of measured)
    console.log(row(name, unit, ours.toFixed(1), bare.toFixed(1), ratio.toFixed(3)))
}
