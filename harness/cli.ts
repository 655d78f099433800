import { launch } from './launcher/launch.ts'

process.exitCode = await launch(process.argv.slice(2))
