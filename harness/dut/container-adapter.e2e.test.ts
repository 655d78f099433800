import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { referenceAgentImage } from '../../containers/agent/agent.ts'
import { findEngine } from '../../containers/engine.ts'
import { baseImage } from '../../containers/names.ts'
import { loadProfile } from './load-profile.ts'
import { openDut } from './open-dut.ts'
import { referenceProfile } from './reference-profile.ts'
import { cli, runSuiteDut } from './suite-run.ts'

const example = fileURLToPath(new URL('../../docs/examples/container-cwmp.uci', import.meta.url))

const image = await findEngine()
  .then((engine) => referenceAgentImage(engine))
  .catch((error: Error) => error)
const reason = image instanceof Error ? image.message : undefined

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cwmp-container-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function profile(adapter: object): string {
  const file = join(folder, `dut-${Math.random()}.json`)
  const { pixit } = referenceProfile
  const acs = { host: '0.0.0.0', publicHost: 'host.docker.internal' }
  const timing = { ...pixit?.timing, bootSeconds: 60, rebootSeconds: 60, adapterSeconds: 30 }
  writeFileSync(
    file,
    JSON.stringify({
      ...referenceProfile,
      adapter: { kind: 'container', ...adapter },
      pixit: { ...pixit, acs, timing },
    }),
  )
  return file
}

describe.skipIf(reason)(`with a Docker engine${reason ? ` (${reason})` : ''}`, { timeout: 240_000 }, () => {
  test('the suite dut holds for the image of the reference agent, which a file tells its ACS', async () => {
    const dut = profile({
      image,
      user: '0',
      command: ['--config-dir', '/etc/cwmp'],
      files: [{ template: example, target: '/etc/cwmp/cwmp', escape: 'shell' }],
      commands: { setLocally: 'cwmp-reference-agent --cli set {path} {value}' },
    })

    const { code, passed, output } = await runSuiteDut(dut, join(folder, 'report'))

    expect(passed, output).toEqual([
      ...['DUT-ADAPTER-001', 'DUT-ADAPTER-002', 'DUT-ADAPTER-003', 'DUT-ADAPTER-004', 'DUT-ADAPTER-005'],
      ...['DUT-ADAPTER-007', 'DUT-ADAPTER-008', 'DUT-ADAPTER-009'],
    ])
    expect(code, output).toBe(0)
  })

  test('a command inside tells it its ACS; a power cut leaves what it has stored, a reset does not', async () => {
    const dut = await openDut(
      await loadProfile(
        profile({
          image: baseImage(),
          command: ['sh', '-c', 'echo up; exec sleep 1000'],
          commands: { provision: 'printf %s {password} >/told', alive: 'test -s /told', standby: 'rm /told' },
        }),
      ),
      { stateDir: join(folder, 'state') },
    )
    onTestFinished(() => dut.close())

    expect(await dut.alive()).toBe(false)
    await dut.provision({ acsUrl: 'http://acs/', password: "it's secret" })
    expect(await dut.alive()).toBe(true)
    await dut.standby(1)
    expect(await dut.alive()).toBe(false)
    await dut.powerCycle()
    expect(await dut.alive()).toBe(false)
    await dut.factoryReset()
    expect(await dut.alive()).toBe(true)
    await expect.poll(() => dut.readLogs()).toBe('up\nup\nup\n')
  })

  test('what a run leaves behind that is killed is removed', async () => {
    const file = profile({
      image: baseImage(),
      command: ['sleep', '1000'],
      commands: { provision: 'true' },
    })
    const program = `import { loadProfile, openDut } from ${JSON.stringify(new URL('dut.ts', import.meta.url).href)}
const dut = await openDut(await loadProfile(${JSON.stringify(file)}), { stateDir: ${JSON.stringify(join(folder, 'killed'))} })
await dut.provision({ acsUrl: 'http://acs/' })
console.log('provisioned')
setInterval(() => {}, 1000)`
    const run = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const { dockerode } = (await findEngine()).client.container
    const ofRun = async () =>
      (await dockerode.listContainers({ all: true })).filter(({ Labels }) =>
        Labels['cwmp-conformance.launcher']?.endsWith(`/${run.pid}`),
      ).length
    await new Promise((resolve) => run.stdout.once('data', resolve))
    const before = await ofRun()

    run.kill('SIGKILL')

    expect(before).toBe(1)
    await expect.poll(ofRun, { timeout: 60_000 }).toBe(0)
  })
})

test('without an engine there is no device, and the run says why', async () => {
  const child = promisify(execFile)(
    process.execPath,
    [
      cli,
      '--dut',
      profile({ image: 'any', commands: { provision: 'true' } }),
      '--suite',
      'dut',
      '--out',
      join(folder, 'none'),
    ],
    { env: { ...process.env, DOCKER_HOST: 'unix:///nowhere/docker.sock' } },
  )

  const { code, stdout } = await child.then(
    () => ({ code: 0, stdout: '' }),
    (error: { readonly code: number; readonly stdout: string }) => error,
  )

  expect(code).toBe(3)
  expect(stdout).toContain('no Docker engine answers at unix:///nowhere/docker.sock')
})

test('the profile of a container needs something that tells it its ACS', async () => {
  await expect(loadProfile(profile({ image: 'any' }))).rejects.toThrow(
    'adapter.commands.provision: expected a command, or files that tell the device its ACS',
  )
  await expect(
    loadProfile(profile({ image: 'any', files: [{ template: 'nowhere', target: '/etc/x' }] })),
  ).rejects.toThrow('adapter.files[0].template: expected a file, got nowhere (no such file)')
})
