import './compile-cache.ts'
import { launch } from './launcher/launch.ts'

process.exitCode = await launch(process.argv.slice(2))
// What a silent Docker engine has left open must not keep the process; what has been written must be read all the same.
process.stdout.write('', () => process.exit())
