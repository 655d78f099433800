/** Public face of this folder. */
export { renderEnd } from './annotations.ts'
export {
  type CaseChange,
  CHANGE_KINDS,
  type ChangeKind,
  type ComparedRun,
  type Comparison,
  compareRuns,
} from './comparison.ts'
export { conclude, type RunResult } from './conclude.ts'
export { keepReport, linkLatest, makeReportFolder, reportFolder } from './folder.ts'
export { duration } from './page/text.ts'
export { printable } from './printable.ts'
export { ReportError, readReport } from './read.ts'
export * from './verdict.ts'
export { writeReports } from './write.ts'
