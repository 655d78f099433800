import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { applyConfiguration } from '../provisioning.ts'
import { TestDevice } from '../services/test-device.ts'
import { Configuration, ConfigurationService } from './config.ts'

const CODE = 'Device.DeviceInfo.ProvisioningCode'

let directory: string
let path: string
let device: TestDevice
let service: ConfigurationService

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-config-'))
  path = join(directory, 'cwmp')
  writeFileSync(path, "config cpe cpe\n\toption provisioning_code 'old' # here\n")
  device = new TestDevice()
  device.options.configuration = new Configuration(directory, () => {})
  service = new ConfigurationService(device)
  device.tree.on('change', (change) => service.changed(change))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const written = () => readFileSync(path, 'utf8')

test('writes at once what changes outside a session', () => {
  device.tree.setLocally(CODE, 'new')

  expect(written()).toContain("option provisioning_code 'new' # here")
})

test('writes at the end of a session what changes during it', () => {
  device.inSession = true
  device.tree.setValues([{ path: CODE, value: 'by the ACS', type: undefined }], '')

  expect(written()).toContain("'old'")
  service.sessionEnded()
  expect(written()).toContain("'by the ACS'")
})

test('writes at the next boot what a power cut kept from being written', () => {
  device.inSession = true
  device.tree.setLocally(CODE, 'unwritten')

  new ConfigurationService(device).start()

  expect(written()).toContain("'unwritten'")
})

test('says once that the file cannot be written, and goes on', () => {
  rmSync(directory, { recursive: true })

  device.tree.setLocally(CODE, 'a')
  device.tree.setLocally(CODE, 'b')

  expect(device.lines.filter((line) => line.includes('cannot be written'))).toHaveLength(1)
})

test('leaves what cannot be to whoever wrote it, and complains of it at each boot, until the parameter changes', () => {
  const before = "config acs acs\n\toption url 'htp://typo'\n\toption periodic_inform_enable maybe\n"
  writeFileSync(path, before)
  device.options.acsUrl = ''
  const complaints: string[] = []
  const boot = () => {
    device.options.configuration = new Configuration(directory, (line) => void complaints.push(line))
    applyConfiguration(device.tree, device.options, device.store)
    service.start()
  }

  boot()
  boot()

  expect(written()).toBe(before)
  expect(complaints.map((line) => /line \d+: \S+/.exec(line)?.[0])).toEqual([
    'line 3: acs.periodic_inform_enable:',
    'line 2: acs.url:',
    'line 3: acs.periodic_inform_enable:',
    'line 2: acs.url:',
  ])
  device.tree.setLocally('Device.ManagementServer.URL', 'http://acs.example/')
  expect(written()).toBe(before.replace('htp://typo', 'http://acs.example/'))
})
