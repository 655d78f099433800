import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Engine } from '../engine.ts'

type Container = ReturnType<Engine['client']['container']['getById']>

/** How a script ended. */
export interface ShellEnding {
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/**
 * Has `sh` in a container read a script from its standard input; the script says itself where it ends (`exit`).
 * @throws the engine's error when the container does not run or has no shell
 */
export async function runInside(
  container: Container,
  script: string,
  signal: AbortSignal,
): Promise<ShellEnding> {
  const exec = await container.exec({
    Cmd: ['sh', '-s'],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  })
  const stream = await exec.start({ hijack: true, stdin: true })
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const finish = () => {
    stdout.end()
    stderr.end()
  }
  const abandon = () => stream.destroy()
  signal.addEventListener('abort', abandon, { once: true })
  container.modem.demuxStream(stream, stdout, stderr)
  stream.once('end', finish).once('close', finish).once('error', finish)
  stream.write(script)
  try {
    const [out, err] = await Promise.all([text(stdout), text(stderr)])
    signal.throwIfAborted()
    const { ExitCode, Running } = await exec.inspect()
    return { code: Running || ExitCode === null ? undefined : ExitCode, stdout: out, stderr: err }
  } finally {
    signal.removeEventListener('abort', abandon)
    stream.destroy()
  }
}
