import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { getParameterValues, setParameterValues, TinyAcs, valuesOf } from './tiny-acs.ts'

const WRITTEN = ['Device.DeviceInfo.ProvisioningCode', 'Device.ManagementServer.Username']
const PARAMETER_KEY = 'Device.ManagementServer.ParameterKey'
const CUTS = 4

let directory: string
let acs: TinyAcs
let agent: ChildProcess | undefined

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-power-'))
  acs = await TinyAcs.listen()
})

afterEach(async () => {
  await cutPower()
  await acs.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Starts the agent as it is started by everybody. Gives its log as it grows. */
function switchOn(): string[] {
  const lines: string[] = []
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'cli.ts'), '--acs-url', acs.url(), '--state-dir', directory],
    { stdio: ['ignore', 'inherit', 'pipe'] },
  )
  child.stderr.setEncoding('utf8').on('data', (text) => lines.push(text))
  agent = child
  return lines
}

async function cutPower(): Promise<void> {
  if (!agent || agent.exitCode !== null || agent.signalCode !== null) return
  const ended = new Promise((resolve) => agent?.once('close', resolve))
  agent.kill('SIGKILL')
  await ended
}

/** Lets the ACS first read what it wrote, then write one number after the other into every parameter until the power is cut at some moment of that. */
async function writeUntilCut(numbers: { sent: number }, afterMilliseconds: number) {
  let read = () => {}
  const reading = new Promise<void>((resolve) => {
    read = resolve
  })
  const write = () => {
    acs.plan.push(write)
    numbers.sent++
    const number = String(numbers.sent)
    return setParameterValues(Object.fromEntries(WRITTEN.map((name) => [name, number])), number)
  }
  acs.plan = [
    getParameterValues(...WRITTEN, PARAMETER_KEY),
    () => {
      read()
      return write()
    },
  ]
  const before = numbers.sent
  const lines = switchOn()
  await reading
  await new Promise((resolve) => setTimeout(resolve, afterMilliseconds))
  await cutPower()
  await acs.deserted()
  const [values, ...written] = acs.current?.answers ?? []
  expect(written.every(({ name }) => name === 'SetParameterValuesResponse')).toBe(true)
  // What the former boot was sent but did not acknowledge may be done or not.
  const acknowledged = written.length > 0 ? before + written.length : undefined
  return { values: valuesOf(values), acknowledged, lines }
}

test('a power cut at any moment leaves each SetParameterValues wholly done or not done', async () => {
  const numbers = { sent: 0 }
  let acknowledged = 0
  for (let cut = 0; cut <= CUTS; cut++) {
    const round = await writeUntilCut(numbers, cut * 7 + Math.random() * 5)

    const found = Object.values(round.values)
    expect(new Set(found).size).toBe(1)
    if (cut > 0) {
      const number = Number(found[0])
      expect(number).toBeGreaterThanOrEqual(acknowledged)
      expect(number).toBeLessThanOrEqual(numbers.sent)
    }
    expect(round.lines.join('')).not.toMatch(/ (EMERG|ALERT|CRIT|ERROR) /)
    acknowledged = round.acknowledged ?? acknowledged
  }
}, 30_000)

test('SIGTERM ends the agent, and lets the next one in', async () => {
  switchOn()
  await acs.next()
  const ended = new Promise((resolve) => agent?.once('close', resolve))

  agent?.kill('SIGTERM')

  expect(await ended).toBe(0)
})

test.each([
  [['--frobnicate'], 2, "cwmp-agent: Unknown option '--frobnicate'"],
  [[], 2, 'cwmp-agent: --state-dir is required'],
])('a wrong command line %j is one line and exit code 2', async (argv, code, line) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'cli.ts'), ...argv], {
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (chunk) => (text += chunk))

  const exit = await new Promise((resolve) => child.once('close', resolve))

  expect([exit, text]).toEqual([code, `${line}\n`])
})
