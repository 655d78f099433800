/** Talks to the agent that runs on a state directory. */
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { DebugOutput } from './debug-commands.ts'

/** Nobody listens on the control socket of that directory. */
class NoAgent extends Error {
  override readonly name = 'NoAgent'

  constructor(directory: string) {
    super(`no agent is running on ${directory}`)
  }
}

/** Has the running agent carry out a debug command. Rejects with NoAgent. */
export async function sendDebugCommand(
  stateDirectory: string,
  words: readonly string[],
): Promise<DebugOutput> {
  const params = Object.fromEntries(words.map((word, position) => [position, word]))
  const { lines, failed, error } = await send(stateDirectory, { object: 'cli', method: 'run', params })
  if (Array.isArray(lines)) return { lines: lines.map(String), failed: failed === true }
  return { lines: [String(error ?? 'the agent gives no answer')], failed: true }
}

function send(directory: string, message: object): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const socket = connect(join(directory, 'control.sock'), () =>
      socket.write(`${JSON.stringify(message)}\n`),
    )
    socket.on('error', () => reject(new NoAgent(directory)))
    const lines = createInterface({ input: socket })
    // What the socket has to complain of is heard above.
    lines.on('error', () => {})
    lines.once('line', (line) => {
      socket.destroy()
      resolve(JSON.parse(line))
    })
    socket.on('close', () => reject(new NoAgent(directory)))
  })
}
