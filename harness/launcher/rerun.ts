import { type CaseVerdict, readReport } from '../report/report.ts'
import { suiteOfProject } from '../suite-names.ts'
import type { Arguments } from './arguments.ts'

/**
 * The command line that meets again what went wrong in a report: its cases that were FAIL, ERROR or STALE, with its seed and
 * its device unless others are typed. `ids` is empty when there was none.
 * @throws ReportError when the path leads to no report
 */
export async function rerunOf(typed: Arguments, report: string): Promise<Arguments> {
  const { cases, seed, dut } = await readReport(report)
  const again = cases.filter(isRed).flatMap((subject) => [subject, ...whereSeen(subject, cases)])
  const places = again.map(({ suite }) => suiteOfProject(suite))
  const metRealPeer = places.some(({ containerPeer }) => containerPeer !== undefined)
  return {
    ...typed,
    suites: [...new Set(places.map(({ suite }) => suite))],
    ids: [...new Set(again.map(({ id }) => id))],
    seed: typed.isSeedGiven ? typed.seed : seed,
    dut: typed.dut ?? dut.profile,
    // What has failed at a real peer is met there again.
    peers: metRealPeer && typed.peers === 'embedded' ? 'auto' : typed.peers,
  }
}

function isRed({ verdict }: CaseVerdict): boolean {
  return verdict === 'FAIL' || verdict === 'ERROR' || verdict === 'STALE'
}

/** A universal check fails in whatever case shows the device doing it: without that case nobody would see it again. */
function whereSeen({ observations }: CaseVerdict, cases: readonly CaseVerdict[]): CaseVerdict[] {
  return cases.filter(({ id }) => id === observations?.firstIn)
}
