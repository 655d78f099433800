import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { prepareAcsStack } from '../../containers/containers.ts'
import { loadProfile } from '../dut/dut.ts'
import { startAcsSite } from './acs-site.ts'

const absent: string | undefined = await prepareAcsStack().then(
  () => undefined,
  (error: Error) => error.message,
)

test.skipIf(absent !== undefined)(
  `GenieACS manages the reference agent in a container${absent ? ` (${absent})` : ''}`,
  { timeout: 120_000 },
  async () => {
    const profile = await loadProfile()
    const logs = await mkdtemp(join(tmpdir(), 'cwmp-agent-container-'))
    onTestFinished(() => rm(logs, { recursive: true, force: true }))
    const { stack, genie, close } = await startAcsSite(profile, logs)
    onTestFinished(close)
    const { connectionRequestUsername, connectionRequestPassword } = profile.pixit.credentials

    await stack.startAgent({
      alias: 'cpe',
      options: [
        ...['--acs-url', 'http://genieacs:7547/', '--serial-number', 'CONTAINER'],
        ...['--connection-request-username', connectionRequestUsername],
      ],
      environment: { CWMP_CONNECTION_REQUEST_PASSWORD: connectionRequestPassword },
    })

    const known = async () => (await genie.devices({ '_deviceId._SerialNumber': 'CONTAINER' }))[0]?._id
    await expect.poll(known, { timeout: 20_000 }).toBeDefined()
    const id = (await known()) ?? ''
    const names = ['Device.DeviceInfo.UpTime']
    const result = await genie.run(id, { name: 'getParameterValues', parameterNames: names }, 20_000)
    expect(result.state, result.reason).toBe('done')
    expect(await stack.tryConnect('mongo', 27017)).toBeUndefined()
    expect(await stack.tryConnect('mongo', 1)).toBe('ECONNREFUSED')
  },
)
