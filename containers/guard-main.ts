import { findEngine } from './engine.ts'
import { removeRun } from './guard.ts'

// Ends when the process at the other end of standard input does. Nobody listens: there is nothing to report to.
const run = process.argv[2]
process.on('SIGINT', () => {})
process.stdin.resume()
process.stdin.once('close', async () => {
  if (run !== undefined) await removeRun(await findEngine(), run)
  process.exit()
})
