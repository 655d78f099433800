import { compareMain } from './compare.ts'

process.exitCode = await compareMain(process.argv.slice(2))
