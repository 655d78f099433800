import { connect } from 'node:net'
import { readLines } from './lines.ts'

/**
 * One command over the reference agent's local socket: a JSON line there, a JSON line back, on a connection of its own.
 * Rejects when nobody listens, when the answer is no JSON object, and with the signal's reason when that fires.
 */
export function sendControl(
  socketPath: string,
  command: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const socket = connect(socketPath)
    const finish = (settle: () => void) => {
      signal.removeEventListener('abort', abandon)
      socket.destroy()
      settle()
    }
    const abandon = () => finish(() => reject(signal.reason))
    signal.addEventListener('abort', abandon, { once: true })
    socket.on('error', (error) => finish(() => reject(error)))
    socket.on('close', () => finish(() => reject(new Error('the control socket closed without an answer'))))
    readLines(socket, (line) => finish(() => settleWith(line, resolve, reject)))
    socket.write(`${JSON.stringify(command)}\n`)
  })
}

function settleWith(
  line: string,
  resolve: (answer: Record<string, unknown>) => void,
  reject: (error: Error) => void,
): void {
  let answer: unknown
  try {
    answer = JSON.parse(line)
  } catch {
    answer = undefined
  }
  if (typeof answer === 'object' && answer !== null) resolve(answer as Record<string, unknown>)
  else reject(new Error(`the control socket answered with no JSON object: ${line.slice(0, 200)}`))
}
