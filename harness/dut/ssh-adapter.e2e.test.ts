import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Dut } from './device.ts'
import { loadProfile } from './load-profile.ts'
import { openDut } from './open-dut.ts'
import { boxCommands, makeBox } from './reference-box.ts'
import { referenceProfile } from './reference-profile.ts'
import { noSshServer, SshServer } from './ssh-server.ts'
import { runSuiteDut } from './suite-run.ts'

// A login takes longer than a word to a child process, on a machine that is busy much longer.
const timing = { bootSeconds: 60, informSeconds: 60, rebootSeconds: 60, adapterSeconds: 20 }
const pixit = { ...referenceProfile.pixit, timing: { ...referenceProfile.pixit?.timing, ...timing } }
// What a shell would take apart, and what no other process of this machine is told.
const secret = randomUUID()
const acs = { acsUrl: 'http://127.0.0.1:9/', username: 'cpe', password: `it's $HOME ${secret}` }

describe.skipIf(noSshServer)(`over a real SSH server${noSshServer ? ` (${noSshServer})` : ''}`, () => {
  let folder: string
  let server: SshServer

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cwmp-ssh-'))
    server = await SshServer.start(folder)
  })
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  const adapter = (changes: object = {}) => ({
    kind: 'ssh',
    host: '127.0.0.1',
    port: server.port,
    username: userInfo().username,
    hostKey: server.fingerprint,
    privateKeyFile: server.keyFile,
    disconnects: false,
    ...changes,
  })

  function profile(changes: object): string {
    const file = join(folder, `dut-${Math.random()}.json`)
    writeFileSync(file, JSON.stringify({ ...referenceProfile, adapter: adapter(changes), pixit }))
    return file
  }

  async function open(changes: object): Promise<{ dut: Dut; logged: string[] }> {
    const logged: string[] = []
    const dut = await openDut(await loadProfile(profile(changes)), {
      stateDir: join(folder, 'state'),
      log: (line) => logged.push(line),
    })
    onTestFinished(() => dut.close())
    return { dut, logged }
  }

  test('the suite dut holds for a box with the reference agent in it', { timeout: 300_000 }, async () => {
    const box = makeBox(join(folder, 'box'))
    const { code, passed, output } = await runSuiteDut(
      profile({ commands: boxCommands(box) }),
      join(folder, 'report'),
    )

    expect(passed, output).toEqual([
      ...['DUT-ADAPTER-001', 'DUT-ADAPTER-002', 'DUT-ADAPTER-003', 'DUT-ADAPTER-004', 'DUT-ADAPTER-005'],
      ...['DUT-ADAPTER-007', 'DUT-ADAPTER-008', 'DUT-ADAPTER-009'],
    ])
    expect(code, output).toBe(0)
  })

  test('what a command is told arrives as it is, and shows in no list of processes', async () => {
    const seen = join(folder, 'seen')
    const { dut } = await open({
      commands: {
        provision: [
          `printf '%s\\n' {acsUrl} {username} {password} {trustedCa} >${seen}`,
          `ps -ww -o args= >>${seen}`,
        ],
        alive: 'true',
      },
    })

    await dut.provision({ ...acs, trustedCa: '-----BEGIN\nCERTIFICATE-----\n' })

    const lines = readFileSync(seen, 'utf8').split('\n')
    expect(lines.slice(0, 6)).toEqual([
      ...['http://127.0.0.1:9/', 'cpe', acs.password, '-----BEGIN', 'CERTIFICATE-----', ''],
    ])
    expect(lines.slice(6).join('\n')).not.toContain(secret)
  })

  test('a command that fails is told with its last words, and without a password', async () => {
    const { dut, logged } = await open({
      commands: { provision: 'echo "no such option: "{password} >&2; false; echo not here', alive: 'true' },
    })

    await expect(dut.provision(acs)).rejects.toThrow(
      'adapter.commands.provision: exit code 1; no such option: *****',
    )
    expect(logged).toContain('provision: no such option: *****')
  })

  test('a device that restarts is waited for, and is dead meanwhile', async () => {
    const { dut, logged } = await open({
      disconnects: true,
      // What holds the session is the parent of its shell: with it goes the connection.
      commands: { provision: 'true', alive: 'true', powerCycle: 'kill $PPID; sleep 60' },
    })
    expect(await dut.alive()).toBe(true)

    await dut.powerCycle()
    await server.stop()
    const whileOff = await dut.alive()
    const provisioned = dut.provision(acs)
    await expect.poll(() => logged.join('\n')).toContain('trying again')
    await server.restart()
    await provisioned

    expect(whileOff).toBe(false)
    expect(await dut.alive()).toBe(true)
  })

  test('another host key than that of the profile ends it, and is named', async () => {
    const other = `SHA256:${'A'.repeat(43)}`
    const { dut } = await open({ hostKey: other, commands: { provision: 'true', alive: 'true' } })

    await expect(dut.alive()).rejects.toThrow(
      `the host key is ${server.fingerprint} (ssh-ed25519), the profile expects ${other}`,
    )
  })

  test('any host key is taken where the profile says so, with a line in the log', async () => {
    const { dut, logged } = await open({ hostKey: 'any', commands: { provision: 'true', alive: 'false' } })

    expect(await dut.alive()).toBe(false)
    expect(logged.join('\n')).toContain(`host key ${server.fingerprint}, taken unseen`)
  })

  test('a login that is refused is told as that', async () => {
    const { dut } = await open({
      privateKeyFile: undefined,
      password: 'wrong',
      commands: { provision: 'true', alive: 'true' },
    })

    const error = await dut.alive().catch((reason: Error) => reason)

    expect(String(error)).toContain('the device refuses the login')
    expect(String(error)).not.toContain('wrong')
  })

  test('a command that does not end is given up when its time is over, and the next one is done', async () => {
    const loaded = await loadProfile(profile({ commands: { provision: 'sleep 60', alive: 'true' } }))
    loaded.pixit.timing.bootSeconds = 0.5
    const dut = await openDut(loaded, { stateDir: join(folder, 'state') })
    onTestFinished(() => dut.close())

    await expect(dut.provision(acs)).rejects.toThrow('did not answer provision within 0.5 s')
    expect(await dut.alive()).toBe(true)
  })
})
