import '../compile-cache.ts'
import { mutantsMain } from './lane.ts'

process.exitCode = await mutantsMain(process.argv.slice(2))
