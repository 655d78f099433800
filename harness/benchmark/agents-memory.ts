import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { ScriptedAcs } from '../acs/acs.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { makeStateDir, removeStateDir } from '../dut/dut.ts'
import { startAgent, stopProcess } from './agent-process.ts'
import type { Measurement } from './cli.ts'

const agents = 1000

/**
 * MiB of a process with 1,000 agents, each of which has had its first session, against a process with as many bare HTTP servers and Unix
 * sockets as they listen on.
 */
export async function measureAgentsMemory(progress: (line: string) => void): Promise<Measurement> {
  const bare = await bareMemory()
  const stateDir = await makeStateDir()
  const acs = await ScriptedAcs.listen({
    transcript: new Transcript({ maxOctets: 1 << 22 }),
    maxConnections: 2 * agents,
  })
  const agent = startAgent(['--acs-url', acs.url, '--state-dir', stateDir, '--count', String(agents)])
  try {
    for (let session = 1; session <= agents; session++) {
      await (await acs.nextSession({ timeoutMs: 60_000 })).end()
      if (session % 250 === 0) progress(`  ${session} of ${agents} agents have had their session`)
    }
    const ours = await residentMiB(agent.pid ?? 0)
    return { name: 'agents-memory', unit: 'MiB', ours, bare, ratio: ours / bare }
  } finally {
    await stopProcess(agent)
    await acs.close()
    await removeStateDir(stateDir)
  }
}

/** What the listening alone takes. */
async function bareMemory(): Promise<number> {
  const script = `import { createServer } from 'node:http'
    import { createServer as createSocket } from 'node:net'
    for (let each = 0; each < ${agents}; each++) {
      createServer(() => {}).listen(0, '127.0.0.1')
      createSocket(() => {}).listen(String.fromCharCode(0) + 'bench-' + process.pid + '-' + each)
    }
    setTimeout(() => process.send('ready'), 500)
    process.on('message', () => {})`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  const memory = await residentMiB(child.pid ?? 0)
  await stopProcess(child)
  return memory
}

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}
