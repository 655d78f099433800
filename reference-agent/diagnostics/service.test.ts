import { beforeEach, describe, expect, test } from 'vitest'
import { TestDevice } from '../services/test-device.ts'
import type { Diagnostic, DiagnosticContext, DiagnosticResult, TestParameters } from './diagnostic.ts'
import { systemNetwork } from './network.ts'
import { DiagnosticsService } from './service.ts'
import { setByAcsForTest } from './test-acs.ts'

const PING = 'Device.IP.Diagnostics.IPPing.'
const LOOKUP = 'Device.DNS.Diagnostics.NSLookupDiagnostics.'

/** A test that ends when the unit test says so. */
class ScriptedTest implements Diagnostic {
  readonly path: string
  readonly runs: { context: DiagnosticContext; end(result: DiagnosticResult | Error): Promise<void> }[] = []

  constructor(path: string) {
    this.path = path
  }

  objection(parameters: TestParameters): string | undefined {
    return parameters.text('Host') === '' ? 'Host is empty' : undefined
  }

  run(context: DiagnosticContext): Promise<DiagnosticResult> {
    return new Promise((resolve, reject) => {
      const end = async (result: DiagnosticResult | Error) => {
        if (result instanceof Error) reject(result)
        else resolve(result)
        await new Promise((done) => setImmediate(done))
      }
      this.runs.push({ context, end })
    })
  }
}

class LookupTest extends ScriptedTest {
  override objection(): undefined {}
}

let device: TestDevice
let ping: ScriptedTest
let lookup: ScriptedTest
let service: DiagnosticsService

function boot(from?: TestDevice): void {
  device = new TestDevice(from?.store, from?.clock)
  ping = new ScriptedTest(PING)
  lookup = new LookupTest(LOOKUP)
  service = new DiagnosticsService(device, [ping, lookup, new ScriptedTest('Device.Nowhere.')], systemNetwork)
  device.services = [service]
  device.tree.on('change', (change) => service.changed(change))
  service.start()
}

beforeEach(() => boot())

/** A SetParameterValues on the ping object, in a session. */
function set(values: Record<string, string>, object = PING): void {
  device.inSession = true
  setByAcsForTest(device.tree, object, values)
}

function endSession(): void {
  device.inSession = false
  service.sessionEnded()
}

function value(name: string, object = PING): string | undefined {
  return device.tree.get(object + name)?.value
}

const COMPLETE: DiagnosticResult = { state: 'Complete', values: { SuccessCount: '3' } }

describe('Requested', () => {
  test('runs the test after the session, with the parameters of then, and reports its end', async () => {
    set({ DiagnosticsState: 'Requested', Host: 'a' })
    expect(ping.runs).toHaveLength(0)
    expect(value('DiagnosticsState')).toBe('Requested')

    endSession()
    expect(ping.runs[0]?.context.parameters.text('Host')).toBe('a')
    expect(ping.runs[0]?.context.parameters.number('NumberOfRepetitions')).toBe(3)
    expect(value('DiagnosticsState')).toBe('Requested')
    expect(device.events).toEqual([])
    await ping.runs[0]?.end(COMPLETE)

    expect(value('DiagnosticsState')).toBe('Complete')
    expect(value('SuccessCount')).toBe('3')
    expect(device.events).toEqual(['8 DIAGNOSTICS COMPLETE'])
  })

  test('starts at once when nobody talks to the ACS, and does not tell it of a test that it did not ask for', async () => {
    device.tree.setLocally(`${PING}Host`, 'a')
    device.tree.setLocally(`${PING}DiagnosticsState`, 'Requested')

    await ping.runs[0]?.end(COMPLETE)

    expect(value('DiagnosticsState')).toBe('Complete')
    expect(device.events).toEqual([])
  })

  test('an error ends like a success', async () => {
    set({ DiagnosticsState: 'Requested', Host: 'a' })
    endSession()
    await ping.runs[0]?.end({ state: 'Error_CannotResolveHostName' })

    expect(value('DiagnosticsState')).toBe('Error_CannotResolveHostName')
    expect(device.events).toEqual(['8 DIAGNOSTICS COMPLETE'])
  })

  test('a test that breaks is an internal error', async () => {
    set({ DiagnosticsState: 'Requested', Host: 'a' })
    endSession()
    await ping.runs[0]?.end(new Error('broken'))

    expect(value('DiagnosticsState')).toBe('Error_Internal')
    expect(device.lines.join()).toContain('broken')
  })

  test('again while the test runs: it starts anew with the present parameters, and the first one reports nothing', async () => {
    set({ DiagnosticsState: 'Requested', Host: 'a' })
    endSession()
    set({ Host: 'b', DiagnosticsState: 'Requested' })
    endSession()

    expect(ping.runs).toHaveLength(2)
    expect(ping.runs[0]?.context.signal.aborted).toBe(true)
    await ping.runs[0]?.end({ state: 'Complete', values: { SuccessCount: '7' } })
    expect(value('DiagnosticsState')).toBe('Requested')
    await ping.runs[1]?.end(COMPLETE)

    expect(value('SuccessCount')).toBe('3')
    expect(device.events).toEqual(['8 DIAGNOSTICS COMPLETE'])
  })

  test('twice without any other change restarts too', () => {
    set({ DiagnosticsState: 'Requested', Host: 'a' })
    endSession()
    set({ DiagnosticsState: 'Requested' })
    endSession()

    expect(ping.runs).toHaveLength(2)
    expect(ping.runs[0]?.context.signal.aborted).toBe(true)
  })

  test('a second session does not start it a second time', () => {
    set({ DiagnosticsState: 'Requested', Host: 'a' })
    endSession()
    endSession()

    expect(ping.runs).toHaveLength(1)
  })

  test('is refused where the test cannot be run, together with what came with it', () => {
    expect(() => set({ DiagnosticsState: 'Requested', NumberOfRepetitions: '9' })).toThrow('9003')
    expect(value('NumberOfRepetitions')).toBe('3')
    expect(value('DiagnosticsState')).toBe('None')

    set({ Host: 'a' })
    set({ DiagnosticsState: 'Requested' })
    expect(value('DiagnosticsState')).toBe('Requested')
    expect(() => set({ DiagnosticsState: 'Requested', Host: '' })).toThrow('9003')
  })
})

describe('values of DiagnosticsState', () => {
  test.each(['None', 'Complete', 'Error_Internal', 'Error', 'nonsense', ''])(
    '%j is not for the ACS',
    (state) => {
      expect(() => set({ DiagnosticsState: state })).toThrow('9003')
      expect(value('DiagnosticsState')).toBe('None')
    },
  )

  test('Canceled ends a running test with None and without an event', async () => {
    set({ DiagnosticsState: 'Requested', Host: 'a' })
    endSession()
    set({ DiagnosticsState: 'Canceled' })

    expect(value('DiagnosticsState')).toBe('None')
    expect(ping.runs[0]?.context.signal.aborted).toBe(true)
    endSession()
    await ping.runs[0]?.end(COMPLETE)
    expect(value('DiagnosticsState')).toBe('None')
    expect(device.events).toEqual([])
  })

  test('Canceled before the test began means that it never does', () => {
    set({ DiagnosticsState: 'Requested', Host: 'a' })
    set({ DiagnosticsState: 'Canceled' })
    endSession()

    expect(ping.runs).toEqual([])
    expect(value('DiagnosticsState')).toBe('None')
  })
})

describe('a change of a test parameter', () => {
  test('ends a running test with None and without an event', async () => {
    set({ DiagnosticsState: 'Requested', Host: 'a' })
    endSession()
    set({ DataBlockSize: '100' })

    expect(value('DiagnosticsState')).toBe('None')
    await ping.runs[0]?.end(COMPLETE)
    expect(value('DiagnosticsState')).toBe('None')
    expect(device.events).toEqual([])
  })

  test('makes old results void, whoever changes it', async () => {
    for (const change of [
      () => set({ Timeout: '77' }),
      () => device.tree.setLocally(`${PING}Timeout`, '78'),
    ]) {
      set({ DiagnosticsState: 'Requested', Host: 'a' })
      endSession()
      await ping.runs.at(-1)?.end(COMPLETE)
      expect(value('DiagnosticsState')).toBe('Complete')

      change()

      expect(value('DiagnosticsState')).toBe('None')
    }
  })

  test('leaves other tests alone', () => {
    set({ DiagnosticsState: 'Requested' }, LOOKUP)
    endSession()
    set({ Host: 'a' })

    expect(value('DiagnosticsState', LOOKUP)).toBe('Requested')
    expect(lookup.runs[0]?.context.signal.aborted).toBe(false)
  })
})

describe('results', () => {
  const ROWS: DiagnosticResult = {
    state: 'Complete',
    values: { SuccessCount: '1' },
    rows: { Result: [{ Status: 'Success', DNSServerIP: '127.0.0.1' }, { Status: 'Error_Timeout' }] },
  }

  test('of the last run are gone when the next one begins; row numbers are not used again', async () => {
    set({ DiagnosticsState: 'Requested' }, LOOKUP)
    endSession()
    await lookup.runs[0]?.end(ROWS)
    expect(value('ResultNumberOfEntries', LOOKUP)).toBe('2')
    expect(value('Result.2.Status', LOOKUP)).toBe('Error_Timeout')

    set({ DiagnosticsState: 'Requested' }, LOOKUP)
    expect(value('ResultNumberOfEntries', LOOKUP)).toBe('2')
    endSession()

    expect(value('ResultNumberOfEntries', LOOKUP)).toBe('0')
    expect(value('SuccessCount', LOOKUP)).toBe('0')
    await lookup.runs[1]?.end(ROWS)
    expect(device.tree.rows(`${LOOKUP}Result.`)).toEqual([`${LOOKUP}Result.3.`, `${LOOKUP}Result.4.`])
  })

  test('of a test that two others interrupt are whole or not there', async () => {
    set({ DiagnosticsState: 'Requested' }, LOOKUP)
    set({ DiagnosticsState: 'Requested', Host: 'a' })
    endSession()
    await lookup.runs[0]?.end(ROWS)

    expect(value('DiagnosticsState')).toBe('Requested')
    await ping.runs[0]?.end(COMPLETE)
    expect(device.events).toHaveLength(2)
  })

  test('are gone after a reboot, and the state is None', async () => {
    set({ DiagnosticsState: 'Requested' }, LOOKUP)
    endSession()
    await lookup.runs[0]?.end(ROWS)
    service.stop()

    boot(device)

    expect(value('DiagnosticsState', LOOKUP)).toBe('None')
    expect(value('ResultNumberOfEntries', LOOKUP)).toBe('0')
    expect(value('SuccessCount', LOOKUP)).toBe('0')
    expect(device.tree.pendingChanges()).toEqual([])
    expect(device.events).toEqual([])
  })
})

describe('a running test', () => {
  test('does not outlive a reboot', async () => {
    set({ DiagnosticsState: 'Requested', Host: 'a' })
    endSession()
    const [run] = ping.runs
    service.stop()
    boot(device)
    await run?.end(COMPLETE)

    expect(run?.context.signal.aborted).toBe(true)
    expect(value('DiagnosticsState')).toBe('None')
    expect(ping.runs).toEqual([])
  })

  test('of another ACS is of no interest to the next one', async () => {
    set({ DiagnosticsState: 'Requested', Host: 'a' })
    endSession()
    service.bootstrapped()
    await ping.runs[0]?.end(COMPLETE)

    expect(value('DiagnosticsState')).toBe('None')
    expect(device.events).toEqual([])
  })
})

test('results are changes that the ACS did not make: they are notified where it asked for that', async () => {
  device.tree.setAttributes([{ path: `${PING}MaximumResponseTime`, notification: 1 }])
  set({ DiagnosticsState: 'Requested', Host: 'a' })
  endSession()
  await ping.runs[0]?.end({ state: 'Complete', values: { MaximumResponseTime: '17' } })

  expect(device.tree.pendingChanges().map(({ path }) => path)).toEqual([`${PING}MaximumResponseTime`])
})
