import { verifyMain } from './verify-main.ts'

process.exitCode = await verifyMain(process.argv.slice(2))
