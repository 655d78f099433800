import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeBox } from './reference-box.ts'
import { referenceProfile } from './reference-profile.ts'
import { shellWord } from './shell-template.ts'
import { cli, passedIn } from './suite-run.ts'

describe('a device whose switches a person turns', { timeout: 300_000 }, () => {
  let folder: string
  let profile: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cwmp-manual-'))
    profile = join(folder, 'dut.json')
    const adapter = { kind: 'manual', abilities: ['powerCycle', 'factoryReset'] }
    // Whoever turns the switches here is a shell script on a machine that may be busy.
    const timing = { bootSeconds: 60, informSeconds: 60, rebootSeconds: 60, adapterSeconds: 60 }
    const pixit = { ...referenceProfile.pixit, timing: { ...referenceProfile.pixit?.timing, ...timing } }
    writeFileSync(profile, JSON.stringify({ ...referenceProfile, adapter, pixit }))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each([
    [[], 'run it with --interactive'],
    [['--interactive'], 'needs a terminal'],
  ])('exits 2 with one line for a manual device and %j without a terminal', async (options, complaint) => {
    // A session of its own has no terminal.
    const run = promisify(execFile)('setsid', ['-w', process.execPath, cli, '--dut', profile, ...options])

    const { code, stderr } = await run.then(
      () => ({ code: 0, stderr: '' }),
      (error: { readonly code: number; readonly stderr: string }) => error,
    )

    expect(code).toBe(2)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain(complaint)
  })

  test('the suite dut holds when the person at the terminal does what it says', async () => {
    const box = makeBox(join(folder, 'box'))
    const out = join(folder, 'report')
    const words = [process.execPath, cli, '--dut', profile, '--interactive', '--suite', 'dut', '--out', out]
    // script gives the run a terminal, and its own input is what is typed there.
    const terminal = spawn('script', ['-qec', words.map(shellWord).join(' '), '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let screen = ''
    let read = 0
    const handsOf = async (question: string): Promise<string> => {
      const take = (...args: string[]) => promisify(execFile)(box, args)
      if (question.includes('Does the agent of the device run?'))
        return (await take('alive').catch(() => undefined)) ? 'y' : 'n'
      if (question.includes('Cut the power')) await take('crash')
      else {
        await take(question.includes('Reset the device') ? 'reset' : 'off')
        if (question.includes('Tell the device its ACS')) asked = question
        const told = asked
        const of = (name: string) =>
          new RegExp(`${name} +(.*?)\\r?\\n`).exec(told)?.[1]?.replace('(as it is)', '') ?? ''
        await take(
          'acs',
          of('URL of the ACS'),
          of('user name there'),
          of('password there'),
          of('user name of connection requests'),
          of('password of connection requests'),
          of('periodic Inform interval'),
        )
      }
      await take('on')
      return ''
    }
    let asked = ''
    let hands: Promise<unknown> = Promise.resolve()
    terminal.stdout.on('data', (chunk) => {
      screen += chunk
      for (;;) {
        const rest = screen.slice(read)
        const end = /Enter when it is done, or why it cannot be done: |y or n: /.exec(rest)
        if (!end) return
        const question = rest.slice(0, end.index)
        read += end.index + end[0].length
        hands = hands.then(async () => terminal.stdin.write(`${await handsOf(question)}\n`))
      }
    })

    const [code] = await once(terminal, 'exit')
    await promisify(execFile)(box, ['off'])

    expect(passedIn(out), screen).toEqual([
      ...['DUT-ADAPTER-001', 'DUT-ADAPTER-002', 'DUT-ADAPTER-003', 'DUT-ADAPTER-004'],
      ...['DUT-ADAPTER-008', 'DUT-ADAPTER-009'],
    ])
    expect(code).toBe(0)
  })
})
