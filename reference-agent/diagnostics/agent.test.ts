import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { composeAgent } from '../agent.ts'
import { Log } from '../platform/platform.ts'
import { getParameterValues, setParameterValues, TinyAcs, valuesOf } from '../tiny-acs.ts'

const PING = 'Device.IP.Diagnostics.IPPing.'

test('an ACS asks for a ping, is told when it is done, and reads the results', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cwmp-diagnostics-'))
  const acs = await TinyAcs.listen()
  const options = {
    stateDirectory: directory,
    acsUrl: acs.url(),
    connectionRequestHost: '127.0.0.1',
    connectionRequestPort: 0,
    clockRate: 1,
    responseTimeout: 30,
  }
  const agent = composeAgent(options, new Log('EMERG', () => {}))
  try {
    acs.plan = [
      setParameterValues({ [`${PING}DiagnosticsState`]: 'Requested', [`${PING}Host`]: '127.0.0.1' }),
      getParameterValues(`${PING}DiagnosticsState`),
    ]
    await agent.start()
    const asking = await acs.next()
    expect(valuesOf(asking.answers[1])).toEqual({ [`${PING}DiagnosticsState`]: 'Requested' })
    // The session that follows has begun or is about to; its Inform is answered in any case before the plan is read.
    acs.plan = [getParameterValues(PING)]

    const reporting = await acs.next()

    expect(reporting.events).toEqual(['8 DIAGNOSTICS COMPLETE'])
    expect(valuesOf(reporting.answers[0])).toMatchObject({
      [`${PING}DiagnosticsState`]: 'Complete',
      [`${PING}SuccessCount`]: '3',
      [`${PING}FailureCount`]: '0',
      [`${PING}IPAddressUsed`]: '127.0.0.1',
    })
  } finally {
    await agent.stop()
    await acs.close()
    rmSync(directory, { recursive: true, force: true })
  }
})
