import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FileTransferError } from '../transfer/transfer.ts'
import type { DuOperation, InstallOperation, UpdateOperation } from './operation.ts'
import { NO_UUID } from './operation.ts'
import { ModulesBench, unitFile } from './test-bench.ts'

const UUID = '12345678-1234-5678-9ABC-123456789abc'
const OTHER = '00000000-1234-5678-9abc-123456789abc'
const UNIT = 'Device.SoftwareModules.DeploymentUnit.'
const EXECUTION = 'Device.SoftwareModules.ExecutionUnit.'

let bench: ModulesBench

beforeEach(() => {
  bench = new ModulesBench()
})

afterEach(async () => {
  await bench.service.stop()
  bench.remove()
})

const install = (url: string, changes: Partial<InstallOperation> = {}): InstallOperation => ({
  type: 'Install',
  url,
  username: '',
  password: '',
  ...changes,
})
const update = (changes: Partial<UpdateOperation> = {}): UpdateOperation => ({
  type: 'Update',
  username: '',
  password: '',
  ...changes,
})
const uninstall = (uuid: string, changes: object = {}): DuOperation => ({
  type: 'Uninstall',
  uuid,
  ...changes,
})

/** Serves and installs a unit, and forgets the report of it. */
async function installed(
  fields: Record<string, string>,
  changes: Partial<InstallOperation> = {},
): Promise<string> {
  const url = bench.serve(`${fields.name ?? 'clock'}-${fields.version ?? '1.0'}`, unitFile(fields))
  await bench.order(install(url, changes))
  expect(bench.results().map(({ Fault }) => Fault)).toEqual(['0'])
  return url
}

/** Fault codes of the results of an order. */
async function faults(...operations: DuOperation[]): Promise<string[]> {
  await bench.order(...operations)
  return bench.results().map(({ Fault = '' }) => Fault)
}

describe('Install', () => {
  test('is done after the session: the unit and its execution unit are there, and the ACS is told', async () => {
    const url = bench.serve('clock', unitFile({ name: 'clock', version: '1.2' }))
    bench.device.inSession = true
    bench.service.order([install(url, { uuid: UUID, username: 'u', password: 'secret' })], 'the key')
    await bench.settled()
    expect(bench.rows('DeploymentUnit')).toEqual([])

    bench.endSession()
    await bench.settled()

    expect(bench.asked).toEqual(['u:secret@/clock'])
    expect(bench.rows('DeploymentUnit')).toEqual([
      {
        UUID,
        DUID: expect.stringMatching(/^du-/),
        Alias: 'cpe-1',
        Name: 'clock',
        Status: 'Installed',
        Resolved: 'true',
        URL: url,
        Description: '',
        Vendor: 'vendor.example',
        Version: '1.2',
        VendorLogList: '',
        VendorConfigList: '',
        ExecutionUnitList: `${EXECUTION}1`,
        ExecutionEnvRef: 'Device.SoftwareModules.ExecEnv.1',
        Installed: '2026-03-01T12:00:00Z',
        LastUpdate: '2026-03-01T12:00:00Z',
      },
    ])
    expect(bench.rows('ExecutionUnit')).toMatchObject([
      { Name: 'clock', Version: '1.2', Status: 'Idle', ExecutionFaultCode: 'NoFault', DiskSpaceInUse: '1' },
    ])
    expect(bench.device.events).toEqual(['11 DU STATE CHANGE COMPLETE', 'M ChangeDUState(the key)'])
    expect(bench.session()).toEqual([
      {
        method: 'DUStateChangeComplete',
        commandKey: 'the key',
        results: [
          {
            UUID,
            DeploymentUnitRef: `${UNIT}1`,
            Version: '1.2',
            CurrentState: 'Installed',
            Resolved: '1',
            ExecutionUnitRefList: `${EXECUTION}1`,
            StartTime: '2026-03-01T12:00:00Z',
            CompleteTime: '2026-03-01T12:00:00Z',
            Fault: '0',
          },
        ],
      },
    ])
  })

  test('makes the same UUID of vendor and name each time, when none is given', async () => {
    await installed({ name: 'clock', version: '1.0' })
    await installed({ name: 'clock', version: '2.0' })
    await installed({ name: 'other' })

    const [first, second, third] = bench.rows('DeploymentUnit').map((unit) => unit.UUID)
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  test.each([
    '.SoftwareModules.ExecEnv.2.',
    'Device.SoftwareModules.ExecEnv.2',
    'Device.SoftwareModules.ExecEnv.2.',
  ])('goes where %s says', async (executionEnvRef) => {
    await installed({}, { executionEnvRef })

    expect(bench.rows('DeploymentUnit')).toMatchObject([
      { ExecutionEnvRef: 'Device.SoftwareModules.ExecEnv.2' },
    ])
  })

  test.each<[string, Partial<InstallOperation>]>([
    ['9003', { url: '' }],
    ['9003', { url: 'nonsense' }],
    ['9003', { url: 'http://me:secret@files.example/unit' }],
    ['9003', { url: `http://files.example/${'x'.repeat(1024)}` }],
    ['9013', { url: 'tftp://files.example/unit' }],
    ['9013', { url: 'file:///etc/passwd' }],
    ['9022', { uuid: 'nonsense' }],
    ['9022', { uuid: `${UUID}0` }],
    ['9023', { executionEnvRef: 'Device.SoftwareModules.ExecEnv.9.' }],
    ['9023', { executionEnvRef: 'Device.WiFi.' }],
  ])('fault %s for %j, and nothing is fetched', async (code, changes) => {
    const url = bench.serve('unit', unitFile())

    await bench.order(install(url, changes))

    expect(bench.results()).toEqual([
      {
        UUID: NO_UUID,
        DeploymentUnitRef: '',
        Version: '',
        CurrentState: 'Failed',
        Resolved: '0',
        ExecutionUnitRefList: '',
        StartTime: expect.any(String),
        CompleteTime: expect.any(String),
        Fault: code,
      },
    ])
    expect(bench.asked).toEqual([])
    expect(bench.rows('DeploymentUnit')).toEqual([])
  })

  test.each([
    ['9012', 'authentication'],
    ['9015', 'unreachable'],
    ['9016', 'no-access'],
    ['9017', 'interrupted'],
    ['9017', 'failed'],
    ['9018', 'corrupted'],
    ['9027', 'no-room'],
    ['9027', 'too-large'],
  ] as const)('fault %s for a file that is %s', async (code, kind) => {
    const url = bench.serve('unit', new FileTransferError(kind, 'it did not come'))

    expect(await faults(install(url, { uuid: UUID }))).toEqual([code])
  })

  test('of a file that is no unit, or not whole, is fault 9018', async () => {
    const url = bench.serve('unit', unitFile({ sha256: 'ff' }))

    expect(await faults(install(url))).toEqual(['9018'])
  })

  test('in a disabled environment is fault 9024, also when it was disabled during the download', async () => {
    const url = bench.serve('unit', unitFile())
    bench.set('ExecEnv.1.Enable', 'false')
    expect(await faults(install(url))).toEqual(['9024'])
    bench.set('ExecEnv.1.Enable', 'true')

    const slow = bench.serve('slow', async () => {
      bench.set('ExecEnv.1.Enable', 'false')
      return unitFile()
    })
    expect(await faults(install(slow))).toEqual(['9024'])
  })

  test('of a unit for another type of environment is fault 9025', async () => {
    const url = bench.serve('unit', unitFile({ type: 'Reference Sandbox 1.0' }))

    expect(
      await faults(install(url), install(url, { executionEnvRef: 'Device.SoftwareModules.ExecEnv.2' })),
    ).toEqual(['9025', '0'])
  })

  test('of what is there already is fault 9026; another version or another environment is not', async () => {
    const one = bench.serve('one', unitFile({ version: '1.0' }))
    const two = bench.serve('two', unitFile({ version: '2.0' }))
    const sandbox = { executionEnvRef: 'Device.SoftwareModules.ExecEnv.2' }

    expect(
      await faults(
        install(one, { uuid: UUID }),
        install(one, { uuid: UUID.toUpperCase() }),
        install(two, { uuid: UUID }),
        install(one, { uuid: UUID, ...sandbox }),
      ),
    ).toEqual(['0', '9026', '0', '0'])
    expect(bench.rows('DeploymentUnit')).toHaveLength(3)
  })

  test('of more than the environment has room for is fault 9027', async () => {
    const sandbox = { executionEnvRef: 'Device.SoftwareModules.ExecEnv.2' }
    const big = bench.serve('big', unitFile({ name: 'big' }, 'x'.repeat(40 * 1024)))
    const bigger = bench.serve('bigger', unitFile({ name: 'bigger' }, 'x'.repeat(40 * 1024)))
    expect(bench.rows('ExecEnv')[1]).toMatchObject({ AllocatedDiskSpace: '64', AvailableDiskSpace: '64' })

    expect(await faults(install(big, sandbox), install(bigger, sandbox))).toEqual(['0', '9027'])

    expect(bench.rows('ExecEnv')[1]).toMatchObject({ AvailableDiskSpace: '23' })
  })

  test('where the disk refuses is fault 9027', async () => {
    const url = bench.serve('unit', unitFile())
    writeFileSync(join(bench.directory, 'units'), 'a file where a directory should be')

    await bench.order(install(url))
    const [result] = bench.results()

    expect(result?.Fault).toBe('9027')
  })

  test('without what it requires is done, but not resolved', async () => {
    await installed({ name: 'clock', requires: 'gears' })
    expect(bench.rows('DeploymentUnit')).toMatchObject([{ Status: 'Installed', Resolved: 'false' }])

    await installed({ name: 'gears' })

    expect(bench.rows('DeploymentUnit')).toMatchObject([{ Resolved: 'true' }, { Resolved: 'true' }])
  })
})

describe('Update', () => {
  test('by UUID and URL changes version and URL of what is there', async () => {
    await installed({ version: '1.0' }, { uuid: UUID })
    bench.device.clock.advance(60_000)
    const url = bench.serve('new', unitFile({ version: '1.10' }, 'x'.repeat(3000)))
    await bench.order(update({ uuid: UUID, url }))

    expect(bench.results()).toMatchObject([
      { UUID, DeploymentUnitRef: `${UNIT}1`, Version: '1.10', CurrentState: 'Installed', Fault: '0' },
    ])
    expect(bench.rows('DeploymentUnit')).toMatchObject([
      {
        UUID,
        Version: '1.10',
        URL: url,
        Status: 'Installed',
        Installed: '2026-03-01T12:00:00Z',
        LastUpdate: '2026-03-01T12:01:00Z',
      },
    ])
    expect(bench.rows('ExecutionUnit')).toMatchObject([{ Version: '1.10', DiskSpaceInUse: '4' }])
  })

  test('by UUID alone fetches from where the unit came', async () => {
    const url = await installed({ version: '1.0' }, { uuid: UUID })
    bench.files.set(url, unitFile({ version: '2.0' }))

    expect(await faults(update({ uuid: UUID }))).toEqual(['0'])
    expect(bench.rows('DeploymentUnit')).toMatchObject([{ Version: '2.0', URL: url }])
  })

  test('by URL alone is for the unit that came from there', async () => {
    await installed({ name: 'other' })
    const url = await installed({ name: 'clock' })
    bench.files.set(url, unitFile({ name: 'clock', version: '2.0' }))

    expect(await faults(update({ url }))).toEqual(['0'])
    expect(bench.rows('DeploymentUnit')).toMatchObject([{ Version: '1.0' }, { Version: '2.0' }])
  })

  test('without either is for everything, with a result for each unit', async () => {
    const urls = [
      await installed({ name: 'one' }),
      await installed({ name: 'two' }),
      await installed({ name: 'three' }),
    ]
    bench.files.set(urls[0] ?? '', unitFile({ name: 'one', version: '2.0' }))
    bench.files.set(urls[1] ?? '', new FileTransferError('no-access', 'gone'))
    bench.files.set(urls[2] ?? '', unitFile({ name: 'three', version: '3.0' }))
    await bench.order(update())

    expect(bench.results()).toMatchObject([
      { DeploymentUnitRef: `${UNIT}1`, Version: '2.0', CurrentState: 'Installed', Fault: '0' },
      { DeploymentUnitRef: `${UNIT}2`, Version: '1.0', CurrentState: 'Failed', Fault: '9016' },
      { DeploymentUnitRef: `${UNIT}3`, Version: '3.0', CurrentState: 'Installed', Fault: '0' },
    ])
    expect(bench.rows('DeploymentUnit')).toMatchObject([
      { Status: 'Installed', Version: '2.0' },
      { Status: 'Installed', Version: '1.0' },
      { Status: 'Installed', Version: '3.0' },
    ])
  })

  test('stops what runs and lets it run again', async () => {
    await installed({ version: '1.0' }, { uuid: UUID })
    bench.set('ExecutionUnit.1.RequestedState', 'Active')
    const status: string[] = []
    const url = bench.serve('new', async () => {
      status.push(bench.rows('DeploymentUnit')[0]?.Status ?? '', bench.rows('ExecutionUnit')[0]?.Status ?? '')
      return unitFile({ version: '2.0' })
    })

    expect(await faults(update({ uuid: UUID, url }))).toEqual(['0'])

    expect(status).toEqual(['Updating', 'Idle'])
    expect(bench.rows('ExecutionUnit')).toMatchObject([{ Status: 'Active' }])
  })

  test('that fails leaves everything as it was', async () => {
    const from = await installed({ version: '1.0' }, { uuid: UUID })
    bench.set('ExecutionUnit.1.RequestedState', 'Active')
    const url = bench.serve('new', new FileTransferError('interrupted', 'cut'))
    await bench.order(update({ uuid: UUID, url }))

    expect(bench.results()).toMatchObject([
      { UUID, DeploymentUnitRef: `${UNIT}1`, Version: '1.0', CurrentState: 'Failed', Fault: '9017' },
    ])
    expect(bench.rows('DeploymentUnit')).toMatchObject([{ Status: 'Installed', Version: '1.0', URL: from }])
    expect(bench.rows('ExecutionUnit')).toMatchObject([{ Status: 'Active' }])
  })

  test.each<[string, Partial<UpdateOperation>]>([
    ['9022', { uuid: 'nonsense' }],
    ['9003', { uuid: UUID, url: 'nonsense' }],
    ['9013', { uuid: UUID, url: 'gopher://files.example/' }],
    ['9028', { uuid: OTHER }],
    ['9028', { uuid: UUID, version: '7.7' }],
    ['9028', { url: 'http://files.example/unknown' }],
  ])('fault %s for %j', async (code, changes) => {
    await installed({}, { uuid: UUID })

    expect(await faults(update(changes))).toEqual([code])
  })

  test('of everything where there is nothing is fault 9028', async () => {
    expect(await faults(update())).toEqual(['9028'])
  })

  test('in a disabled environment is fault 9024', async () => {
    await installed({}, { uuid: UUID })
    bench.set('ExecEnv.1.Enable', 'false')

    expect(await faults(update({ uuid: UUID }))).toEqual(['9024'])
  })

  test.each([
    ['9018', { name: 'another', version: '2.0' }],
    ['9018', { vendor: 'else.example', version: '2.0' }],
    ['9025', { type: 'Reference Sandbox 1.0', version: '2.0' }],
    ['9030', { version: '1.1.9' }],
    ['9032', { version: '1.2' }],
  ])('fault %s for a unit with %j', async (code, fields) => {
    await installed({ version: '1.2' }, { uuid: UUID })
    const url = bench.serve('new', unitFile(fields))

    expect(await faults(update({ uuid: UUID, url }))).toEqual([code])
    expect(bench.rows('DeploymentUnit')).toMatchObject([{ Version: '1.2', Status: 'Installed' }])
  })

  test('of one of several versions has to say which (9031), and must not make it the same as another (9032)', async () => {
    await installed({ version: '1.0' }, { uuid: UUID })
    await installed({ version: '2.0' }, { uuid: UUID })
    const two = bench.serve('two', unitFile({ version: '2.0' }))
    const three = bench.serve('three', unitFile({ version: '3.0' }))

    expect(
      await faults(
        update({ uuid: UUID, url: three }),
        update({ uuid: UUID, url: two, version: '1.0' }),
        update({ uuid: UUID, url: three, version: '1.0' }),
      ),
    ).toEqual(['9031', '9032', '0'])
    expect(bench.rows('DeploymentUnit')).toMatchObject([{ Version: '3.0' }, { Version: '2.0' }])
  })

  test('has room for the new file in place of the old one', async () => {
    const sandbox = { executionEnvRef: 'Device.SoftwareModules.ExecEnv.2' }
    const first = bench.serve('first', unitFile({ version: '1.0' }, 'x'.repeat(40 * 1024)))
    const second = bench.serve('second', unitFile({ version: '2.0' }, 'x'.repeat(50 * 1024)))
    const third = bench.serve('third', unitFile({ version: '3.0' }, 'x'.repeat(70 * 1024)))

    expect(
      await faults(
        install(first, { uuid: UUID, ...sandbox }),
        update({ uuid: UUID, url: second }),
        update({ uuid: UUID, url: third }),
      ),
    ).toEqual(['0', '0', '9027'])
  })

  test('of what another order is updating is fault 9029', async () => {
    await installed({ version: '1.0' }, { uuid: UUID })
    const gate = Promise.withResolvers<Buffer>()
    const url = bench.serve('slow', () => gate.promise)
    await bench.order(update({ uuid: UUID, url }))
    expect(bench.rows('DeploymentUnit')).toMatchObject([{ Status: 'Updating' }])

    expect(await faults(uninstall(UUID), update({ uuid: UUID }))).toEqual(['9029', '9029'])
    gate.resolve(unitFile({ version: '2.0' }))
    await bench.settled()

    expect(bench.results()).toMatchObject([{ Fault: '0', Version: '2.0' }])
  })
})

describe('Uninstall', () => {
  test('removes the unit, its execution unit and its file', async () => {
    await installed({}, { uuid: UUID })
    expect(readdirSync(join(bench.directory, 'units'))).toHaveLength(1)
    await bench.order(uninstall(UUID))

    expect(bench.results()).toMatchObject([
      {
        UUID,
        DeploymentUnitRef: `${UNIT}1`,
        Version: '1.0',
        CurrentState: 'Uninstalled',
        ExecutionUnitRefList: `${EXECUTION}1`,
        Fault: '0',
      },
    ])
    expect(bench.rows('DeploymentUnit')).toEqual([])
    expect(bench.rows('ExecutionUnit')).toEqual([])
    expect(readdirSync(join(bench.directory, 'units'))).toEqual([])
  })

  test('without a version is for all of them, with one for that', async () => {
    for (const version of ['1.0', '2.0', '3.0']) await installed({ version }, { uuid: UUID })
    await bench.order(uninstall(UUID, { version: '2.0' }), uninstall(UUID))

    expect(bench.results().map(({ Version, CurrentState }) => [Version, CurrentState])).toEqual([
      ['2.0', 'Uninstalled'],
      ['1.0', 'Uninstalled'],
      ['3.0', 'Uninstalled'],
    ])
  })

  test('may be for one environment', async () => {
    await installed({}, { uuid: UUID })
    const executionEnvRef = 'Device.SoftwareModules.ExecEnv.2'
    await installed({}, { uuid: UUID, executionEnvRef })

    expect(await faults(uninstall(UUID, { executionEnvRef }))).toEqual(['0'])
    expect(bench.rows('DeploymentUnit')).toMatchObject([
      { ExecutionEnvRef: 'Device.SoftwareModules.ExecEnv.1' },
    ])
  })

  test.each([
    ['9022', 'nonsense', {}],
    ['9022', '', {}],
    ['9028', OTHER, {}],
    ['9028', UUID, { version: '9.9' }],
    ['9028', UUID, { executionEnvRef: 'Device.SoftwareModules.ExecEnv.2.' }],
    ['9028', UUID, { executionEnvRef: 'Device.SoftwareModules.ExecEnv.7.' }],
  ])('fault %s for %j %j', async (code, uuid, changes) => {
    await installed({}, { uuid: UUID })

    expect(await faults(uninstall(uuid, changes))).toEqual([code])
    expect(bench.rows('DeploymentUnit')).toHaveLength(1)
  })

  test('in a disabled environment is fault 9024', async () => {
    await installed({}, { uuid: UUID })
    bench.set('ExecEnv.1.Enable', 'false')

    expect(await faults(uninstall(UUID))).toEqual(['9024'])
  })

  test('of what another unit requires leaves that one unresolved and idle', async () => {
    await installed({ name: 'gears' }, { uuid: OTHER })
    await installed({ name: 'clock', requires: 'gears' }, { uuid: UUID })
    bench.set('ExecutionUnit.2.RequestedState', 'Active')
    expect(bench.rows('ExecutionUnit')[1]).toMatchObject({ Status: 'Active' })

    expect(await faults(uninstall(OTHER))).toEqual(['0'])

    expect(bench.rows('DeploymentUnit')).toMatchObject([{ Name: 'clock', Resolved: 'false' }])
    expect(bench.rows('ExecutionUnit')).toMatchObject([
      { Status: 'Idle', ExecutionFaultCode: 'DependencyFailure' },
    ])
  })
})

describe('orders', () => {
  test('judge and report each operation for itself, in their order', async () => {
    const url = bench.serve('unit', unitFile())

    expect(
      await faults(
        uninstall(UUID),
        install(url, { uuid: UUID }),
        install('nonsense'),
        update({ uuid: UUID }),
        uninstall(UUID),
      ),
    ).toEqual(['9028', '0', '9003', '9032', '0'])
  })

  test('have sixteen operations at most, and sixteen of them wait at most', () => {
    const many = Array(16).fill(uninstall(UUID)) as DuOperation[]
    bench.device.inSession = true
    expect(() => bench.service.order([...many, uninstall(UUID)], '')).toThrow('9004')

    for (let count = 0; count < 16; count++) bench.service.order(many, `k${count}`)

    expect(() => bench.service.order([uninstall(UUID)], '')).toThrow('9004')
  })

  test('of the same command key are reported one by one', async () => {
    bench.take([uninstall(UUID)], 'same')
    bench.take([uninstall(OTHER)], 'same')
    await bench.settled()

    expect(bench.device.events).toEqual([
      '11 DU STATE CHANGE COMPLETE',
      'M ChangeDUState(same)',
      'M ChangeDUState(same)',
    ])
    expect(bench.session().map(({ results }) => results[0]?.UUID)).toEqual([UUID, OTHER])
  })

  test('keep their passwords out of the log, and forget them once they are carried out', async () => {
    const url = bench.serve('unit', new FileTransferError('authentication', 'hunter22 is wrong'))
    await bench.order(install(url, { username: 'u', password: 'hunter22' }))

    expect(bench.device.lines.join('\n')).not.toContain('hunter22')
    expect(JSON.stringify(bench.device.store.get('softwareModules.orders'))).not.toContain(
      '"password":"hunter22"',
    )
  })
})

describe('DUStateChangeComplete', () => {
  test('is repeated with its events until it is answered', async () => {
    await bench.order(uninstall(UUID))

    expect(bench.session(false)).toHaveLength(1)
    expect(bench.device.events).toEqual(['11 DU STATE CHANGE COMPLETE', 'M ChangeDUState(key)'])
    expect(bench.session()).toMatchObject([{ results: [{ Fault: '9028' }] }])
    expect(bench.device.events).toEqual([])
    expect(bench.session()).toEqual([])
  })

  test('waits a while after a fault, longer each time', async () => {
    await bench.order(uninstall(UUID))
    const refuse = () => {
      bench.device.events.splice(0)
      bench.service.informing([{ EventCode: 'M ChangeDUState', CommandKey: 'key' }])
      const request = bench.device.requests.pop()
      request?.faulted?.({ faultCode: 8001, faultString: '', soapFaultCode: 'Server', soapFaultString: '' })
      bench.endSession()
    }
    refuse()
    expect(bench.device.events).toEqual([])
    bench.device.clock.advance(10_000)
    expect(bench.device.events).toHaveLength(2)
    refuse()
    bench.device.clock.advance(19_999)
    expect(bench.device.events).toEqual([])
    bench.device.clock.advance(1)

    expect(bench.session()).toHaveLength(1)
  })

  test('survives a reboot', async () => {
    await bench.order(uninstall(UUID))
    await bench.service.stop()
    bench = new ModulesBench(bench)

    expect(bench.session()).toMatchObject([{ commandKey: 'key', results: [{ Fault: '9028' }] }])
  })

  test('is not for an ACS that ordered nothing', async () => {
    await bench.order(uninstall(UUID))
    bench.device.events.splice(0)
    bench.service.bootstrapped()
    bench.endSession()

    expect(bench.device.events).toEqual([])
  })
})

describe('a power cut', () => {
  test('during a download: the operation is done again, what was done before is not', async () => {
    const url = bench.serve('unit', unitFile())
    const never = bench.serve('never', () => new Promise<never>(() => {}))
    const aborted = bench.serve('aborted', () => Promise.reject(new Error('cut')))
    await bench.order(install(url, { uuid: UUID }), install(never, { uuid: OTHER }))
    expect(bench.rows('DeploymentUnit')).toHaveLength(1)
    expect(aborted).toBeDefined()

    bench.files.set(never, unitFile({ name: 'late' }))
    bench = new ModulesBench(bench)
    await bench.settled()

    expect(bench.results().map(({ Fault }) => Fault)).toEqual(['0', '0'])
    expect(bench.rows('DeploymentUnit').map(({ Name }) => Name)).toEqual(['clock', 'late'])
  })

  test('during an update of everything: each unit is updated once', async () => {
    const urls = [await installed({ name: 'one' }), await installed({ name: 'two' })]
    bench.files.set(urls[0] ?? '', unitFile({ name: 'one', version: '2.0' }))
    bench.files.set(urls[1] ?? '', () => new Promise<never>(() => {}))
    await bench.order(update())
    expect(bench.rows('DeploymentUnit')).toMatchObject([{ Version: '2.0' }, { Status: 'Updating' }])

    bench.files.set(urls[1] ?? '', unitFile({ name: 'two', version: '2.0' }))
    bench = new ModulesBench(bench)
    expect(bench.rows('DeploymentUnit')).toMatchObject([{ Status: 'Installed' }, {}])
    await bench.settled()

    expect(bench.results().map(({ Version, Fault }) => [Version, Fault])).toEqual([
      ['2.0', '0'],
      ['2.0', '0'],
    ])
  })

  test('leaves no files of units that are not there', async () => {
    await installed({})
    const units = join(bench.directory, 'units')
    writeFileSync(join(units, 'du-left'), '')
    await bench.service.stop()
    bench = new ModulesBench(bench)

    expect(existsSync(join(units, 'du-left'))).toBe(false)
    expect(readdirSync(units)).toHaveLength(1)
  })
})

describe('execution units', () => {
  beforeEach(() => installed({}, { uuid: UUID }))

  const status = () => bench.rows('ExecutionUnit')[0]?.Status

  test('start and stop as the ACS asks; what it asked is not read back', () => {
    bench.set('ExecutionUnit.1.RequestedState', 'Active')
    expect(status()).toBe('Active')
    expect(bench.rows('ExecutionUnit')[0]?.RequestedState).toBe('')
    expect(bench.rows('ExecEnv')[0]).toMatchObject({ ActiveExecutionUnits: `${EXECUTION}1` })
    bench.set('ExecutionUnit.1.RequestedState', 'Idle')
    bench.set('ExecutionUnit.1.RequestedState', 'Idle')

    expect(status()).toBe('Idle')
    expect(bench.rows('ExecEnv')[0]).toMatchObject({ ActiveExecutionUnits: '' })
  })

  test('tell of a new status actively from the start, for the ACS did not write it', () => {
    bench.set('ExecutionUnit.1.RequestedState', 'Active')

    expect(bench.device.tree.pendingChanges()).toMatchObject([
      { path: `${EXECUTION}1.Status`, notification: 2 },
    ])
  })

  test('stop with their environment, which then refuses to have them started', () => {
    bench.set('ExecutionUnit.1.RequestedState', 'Active')
    bench.set('ExecEnv.1.Enable', 'false')

    expect(bench.rows('ExecEnv')[0]?.Status).toBe('Disabled')
    expect(status()).toBe('Idle')
    expect(() => bench.set('ExecutionUnit.1.RequestedState', 'Active')).toThrow('9003')
    bench.set('ExecEnv.1.Enable', 'true')
    expect(status()).toBe('Idle')
    bench.set('ExecutionUnit.1.RequestedState', 'Active')
    expect(status()).toBe('Active')
  })

  test('start by themselves with environment and device, when they are to', async () => {
    bench.set('ExecutionUnit.1.AutoStart', 'true')
    bench.set('ExecEnv.1.Enable', 'false')
    bench.set('ExecEnv.1.Enable', 'true')
    expect(status()).toBe('Active')

    bench.set('ExecutionUnit.1.RequestedState', 'Idle')
    await bench.service.stop()
    bench = new ModulesBench(bench)
    expect(status()).toBe('Active')

    bench.set('ExecutionUnit.1.AutoStart', 'false')
    await bench.service.stop()
    bench = new ModulesBench(bench)
    expect(status()).toBe('Idle')
    bench.set('ExecEnv.1.Enable', 'false')
    expect(() => bench.set('ExecutionUnit.1.RequestedState', 'Active')).toThrow('9003')
  })

  test('do not start without what their unit requires', async () => {
    await installed({ name: 'watch', requires: 'gears' }, { uuid: OTHER })
    bench.set('ExecutionUnit.2.RequestedState', 'Active')

    expect(bench.rows('ExecutionUnit')[1]).toMatchObject({
      Status: 'Idle',
      ExecutionFaultCode: 'DependencyFailure',
      ExecutionFaultMessage: expect.stringMatching(/./),
    })
    await installed({ name: 'gears' })
    expect(bench.rows('ExecutionUnit')[1]).toMatchObject({
      ExecutionFaultCode: 'NoFault',
      ExecutionFaultMessage: '',
    })
  })
})

describe('what somebody next to the device does', () => {
  const POLICY = 'Device.ManagementServer.DUStateChangeComplPolicy.'

  function policy(values: Record<string, string>): void {
    const all = { Enable: 'true', OperationTypeFilter: 'Install,Update,Uninstall', ...values }
    bench.device.tree.setValues(
      Object.entries(all).map(([name, value]) => ({ path: POLICY + name, value })),
      '',
    )
  }

  test('is told to the ACS as far as it wants to know', async () => {
    policy({})
    const url = bench.serve('unit', unitFile())
    await bench.command({ command: 'du', operation: 'install', url, uuid: UUID })
    expect(bench.device.events).toEqual(['12 AUTONOMOUS DU STATE CHANGE COMPLETE'])
    bench.files.set(url, unitFile({ version: '2.0' }))
    await bench.command({ operation: 'Update', uuid: UUID })
    await bench.command({ operation: 'uninstall', uuid: UUID, version: '2.0' })
    expect(bench.device.events).toEqual(['12 AUTONOMOUS DU STATE CHANGE COMPLETE'])

    const reports = bench.session()

    expect(reports.map(({ method, commandKey }) => [method, commandKey])).toEqual(
      Array(3).fill(['AutonomousDUStateChangeComplete', undefined]),
    )
    expect(reports.map(({ results }) => results[0]?.OperationPerformed)).toEqual([
      'Install',
      'Update',
      'Uninstall',
    ])
    expect(reports[0]?.results[0]).toMatchObject({ UUID, CurrentState: 'Installed', Fault: '0' })
  })

  test.each([
    [{ Enable: 'false' }, [], []],
    [{ OperationTypeFilter: '' }, [], []],
    [{ OperationTypeFilter: 'Install' }, ['Install'], []],
    [{ ResultTypeFilter: 'Success' }, ['Install', 'Uninstall'], []],
    [{ ResultTypeFilter: 'Failure' }, [], []],
    [{ ResultTypeFilter: 'Failure', FaultCodeFilter: '9028,9003' }, [], ['9028']],
    [{ FaultCodeFilter: '9028' }, ['Install', 'Uninstall'], ['9028']],
    [{ FaultCodeFilter: '9027' }, ['Install', 'Uninstall'], []],
  ])('with the policy %j', async (values, successes, codes) => {
    policy(values)
    const url = bench.serve('unit', unitFile())
    await bench.command({ operation: 'install', url, uuid: UUID })
    await bench.command({ operation: 'uninstall', uuid: UUID })
    await bench.command({ operation: 'uninstall', uuid: UUID })

    const results = bench.session().flatMap((report) => report.results)

    expect(results.filter(({ Fault }) => Fault === '0').map((each) => each.OperationPerformed)).toEqual(
      successes,
    )
    expect(results.filter(({ Fault }) => Fault !== '0').map(({ Fault }) => Fault)).toEqual(codes)
    expect(bench.rows('DeploymentUnit')).toEqual([])
  })

  test('is refused when it makes no sense', async () => {
    await expect(bench.command({ operation: 'dance' })).rejects.toThrow('operation is none of')
    await expect(bench.command({ operation: 'install' })).rejects.toThrow('url is missing')
    await expect(bench.command({ operation: 'uninstall' })).rejects.toThrow('uuid is missing')
  })
})
