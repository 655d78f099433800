import { execFile, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { NatNetwork } from './net.ts'

const here = import.meta.dirname
const absent: string | undefined = await NatNetwork.lay().then(
  async (nat) => {
    await nat.close()
    return undefined
  },
  (error: Error) => error.message,
)

/** Whether an interface of this machine has that address. */
function isHere(address: string): boolean {
  return Object.values(networkInterfaces()).some((each) => each?.some((one) => one.address === address))
}

async function goesAway(address: string): Promise<void> {
  const deadline = performance.now() + 5000
  while (isHere(address)) {
    if (performance.now() > deadline) throw new Error(`${address} is still there`)
    await setTimeout(10)
  }
}

describe.skipIf(absent !== undefined)(`a network behind a NAT${absent ? ` (${absent})` : ''}`, () => {
  test('shows a sender from inside at the address of the NAT, with another port, and lets answers in', async () => {
    const nat = await NatNetwork.lay()
    onTestFinished(() => nat.close())
    const server = createSocket('udp4', (octets, { address, port }) =>
      server.send(`${octets} ${address}:${port}`, port, address),
    )
    server.bind(0, nat.bench)
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const send = `const socket = require('node:dgram').createSocket('udp4', (octets) => { console.log(String(octets)); socket.close() })
      socket.bind(7547, '${nat.device}', () => socket.send('seen', ${server.address().port}, '${nat.bench}'))`

    const [program = '', ...args] = [...nat.enter, process.execPath, '-e', send]
    const { stdout } = await promisify(execFile)(program, args, { timeout: 10_000 })

    expect(stdout.trim()).toMatch(new RegExp(`^seen ${nat.outside}:4\\d{4}$`))
  })

  test('is gone once it is closed', async () => {
    const nat = await NatNetwork.lay()
    const was = isHere(nat.bench)

    await nat.close()

    expect(was).toBe(true)
    await goesAway(nat.bench)
  })

  test('is gone after kill -9', async () => {
    const script = `import('${here}/net.ts').then(({ NatNetwork }) => NatNetwork.lay()).then((nat) => console.log(nat.bench))`
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    const bench = String(said).trim()
    const was = isHere(bench)

    child.kill('SIGKILL')

    expect(was).toBe(true)
    await goesAway(bench)
  })
})
