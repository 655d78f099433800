import { icsDraftMain } from './main.ts'

process.exitCode = await icsDraftMain(process.argv.slice(2))
