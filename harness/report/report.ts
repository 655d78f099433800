/** Public face of this folder. */
export { conclude, type RunResult } from './conclude.ts'
export { linkLatest, reportFolder } from './folder.ts'
export { printable } from './printable.ts'
export { renderTerminal } from './terminal.ts'
export * from './verdict.ts'
export { writeReports } from './write.ts'
