import { mergeReportsMain } from './merge-reports.ts'

process.exitCode = await mergeReportsMain(process.argv.slice(2))
