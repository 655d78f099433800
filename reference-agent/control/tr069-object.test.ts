import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Configuration } from '../config/config.ts'
import { TestDevice } from '../services/test-device.ts'
import { XmppConfiguration } from '../xmpp/xmpp.ts'
import { parseCommand } from './command.ts'
import { LocalControl } from './local-control.ts'

let device: TestDevice
let control: LocalControl
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-tr069-'))
  device = new TestDevice()
  control = new LocalControl(device)
  device.services = [control, new XmppConfiguration(device)]
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** Calls as a line on the control socket does. */
function call(method: string, params: object = {}, object = 'tr069') {
  const command = parseCommand(JSON.stringify({ object, method, params }))
  if (command.command !== 'object') throw new Error('no call of an object')
  return control.commands?.[command.name]?.(command.members)
}

test('status tells of the sessions since the boot', async () => {
  expect(call('status')).toMatchObject({
    cwmp: { status: 'up' },
    last_session: { status: 'N/A', start_time: 'N/A', end_time: 'N/A' },
    next_session: { status: 'waiting', start_time: 'N/A', end_time: 'N/A' },
    statistics: { success_sessions: 0, failure_sessions: 0, total_sessions: 0 },
  })

  control.informing()
  device.inSession = true
  expect(call('status')).toMatchObject({ last_session: { status: 'running', end_time: 'N/A' } })
  control.sessionEnded({ successful: false, reason: 'cut' })
  device.inSession = false
  expect(call('status')).toMatchObject({ last_session: { status: 'failure' } })
  control.informing()
  control.sessionEnded({ successful: true })
  device.nextSession = Date.parse('2030-01-01T00:00:00Z')

  const status = (await call('status')) as { next_session: { start_time: string } }

  expect(status).toMatchObject({
    last_session: { status: 'success' },
    statistics: { success_sessions: 1, failure_sessions: 1, total_sessions: 2 },
  })
  expect(Date.parse(status.next_session.start_time)).toBe(device.nextSession)
})

test.each([
  [{ event: '6 connection request' }, '6 CONNECTION REQUEST'],
  [{ event: '8 DIAGNOSTICS COMPLETE' }, '8 DIAGNOSTICS COMPLETE'],
  [{ event: '2' }, '2 PERIODIC'],
  [{ event: '' }, '6 CONNECTION REQUEST'],
  [{}, '6 CONNECTION REQUEST'],
])('inform %j opens a session with %s', (params, code) => {
  expect(call('inform', params)).toEqual({ status: 1, info: 'Session started' })
  expect(device.events).toEqual([code])
})

test('inform says that a session runs', () => {
  device.inSession = true

  expect(call('inform', { event: '1 boot' })).toEqual({
    status: 1,
    info: 'Session already running, event will be sent at the end of the session',
  })
})

test.each(['99', '6 CONNECTION', 'boot', '0 BOOTSTRAP'])('inform knows no event %s', (event) => {
  expect(call('inform', { event })).toEqual({ status: -1, info: 'not able to get the event code' })
  expect(device.events).toEqual([])
})

test.each([true, '1', 1])('inform asks for the methods of the ACS with GetRPCMethods %j', (GetRPCMethods) => {
  expect(call('inform', { GetRPCMethods })).toEqual({
    status: 1,
    info: 'Session with GetRPCMethods will start',
  })
  expect(device.asked).toEqual(['methods'])
  expect(device.events).toEqual(['2 PERIODIC'])
})

test('command reload puts a changed file into effect, and tells it as a change of the device', () => {
  const path = join(directory, 'cwmp')
  writeFileSync(path, 'config cpe cpe\noption provisioning_code old\n')
  device.options.configuration = new Configuration(directory, () => {})
  writeFileSync(path, 'config cpe cpe\noption provisioning_code new\n')

  expect(call('command', { command: 'reload' })).toEqual({ status: 1, info: 'config reloaded' })
  expect(device.tree.get('Device.DeviceInfo.ProvisioningCode')?.value).toBe('new')
  expect(device.tree.pendingChanges()).toHaveLength(1)
  rmSync(path)
  expect(call('command', { command: 'reload' })).toEqual({
    status: -1,
    info: `config reload failed: ${path}: ENOENT`,
  })
})

test('command reload waits for the end of a running session', () => {
  const path = join(directory, 'cwmp')
  writeFileSync(path, 'config cpe cpe\noption provisioning_code new\n')
  device.options.configuration = new Configuration(directory, () => {})
  device.inSession = true

  expect(call('command', { command: 'reload' })).toEqual({
    status: 1,
    info: 'Session running, reload at the end of the session',
  })
  expect(device.tree.get('Device.DeviceInfo.ProvisioningCode')?.value).toBe('')
  control.sessionEnded({ successful: true })
  expect(device.tree.get('Device.DeviceInfo.ProvisioningCode')?.value).toBe('new')
})

test('command exit ends the program, reboot_end_session reboots', () => {
  call('command', { command: 'exit' })
  call('command', { command: 'reboot_end_session' })

  expect(device.asked).toEqual(['exit', 'reboot after the session'])
})

test('command names what it knows', () => {
  const known = ['reload', 'reload_end_session', 'reboot_end_session', 'exit']

  expect(call('command')).toEqual({ SupportedCommands: known })
  expect(call('command', { command: 'dance' })).toMatchObject({
    status: -1,
    info: expect.stringContaining("'dance' is not supported"),
  })
})

test('debug commands take their words by position', () => {
  expect(call('run', { 0: 'get', 1: 'Device.DeviceInfo.ModelNumber' }, 'cli')).toEqual({
    lines: ['Device.DeviceInfo.ModelNumber => RC-1'],
    failed: false,
  })
})
