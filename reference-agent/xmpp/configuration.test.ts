import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Configuration } from '../config/config.ts'
import { TestDevice } from '../services/test-device.ts'
import type { MemoryStore } from '../state/memory-store.ts'
import { XmppConfiguration } from './configuration.ts'
import { logLevelOf } from './options.ts'

const FILE = `# of the operator
config cwmp 'xmpp'
	option enable '1'
	option id '7'
	option allowed_jid 'acs@a.example,noc@a.example/desk'
	option loglevel '4'

config xmpp_connection
	option connection_instance '7'
	option enable '1'
	option connection_alias 'operator'
	option username 'cpe'
	option password 'pencil'
	option domain 'a.example'
	option resource 'cwmp'
	option usetls '1'
	option interval '30'
	option attempt '3'
	option initial_retry_interval '2'
	option retry_interval_multiplier '1500'
	option retry_max_interval '90'
	option serveralgorithm 'ServerTable'

config xmpp_connection_server
	option id_connection '7'
	option connection_server_instance '1'
	option enable '1'
	option connection_server_alias 'first'
	option port '5223'
	option server_address 'xmpp.a.example'
`

const ROW = 'Device.XMPP.Connection.1.'
const SERVER = 'Device.ManagementServer.'

let directory: string
let path: string
let warnings: string[]
let device: TestDevice
let service: XmppConfiguration

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-xmpp-config-'))
  path = join(directory, 'cwmp_xmpp')
  warnings = []
  writeFileSync(join(directory, 'cwmp'), '')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function boot(content?: string, store?: MemoryStore): void {
  if (content !== undefined) writeFileSync(path, content)
  device = new TestDevice(store)
  device.options.configuration = new Configuration(directory, (line) => void warnings.push(line))
  service = new XmppConfiguration(device)
  service.configure()
  device.tree.on('change', (change) => service.changed(change))
  service.start()
}

const get = (name: string) => device.tree.get(name)?.value
const written = () => readFileSync(path, 'utf8')

describe('a boot', () => {
  test('takes over every option', () => {
    boot(FILE)

    const connection = Object.fromEntries(
      ['Alias', 'Username', 'Password', 'Domain', 'Resource', 'UseTLS', 'KeepAliveInterval']
        .concat(['ServerConnectAttempts', 'ServerRetryInitialInterval', 'ServerRetryIntervalMultiplier'])
        .concat(['ServerRetryMaxInterval', 'ServerConnectAlgorithm', 'Enable'])
        .map((name) => [name, get(ROW + name)]),
    )
    expect(connection).toEqual({
      Alias: 'operator',
      Username: 'cpe',
      Password: 'pencil',
      Domain: 'a.example',
      Resource: 'cwmp',
      UseTLS: 'true',
      KeepAliveInterval: '30',
      ServerConnectAttempts: '3',
      ServerRetryInitialInterval: '2',
      ServerRetryIntervalMultiplier: '1500',
      ServerRetryMaxInterval: '90',
      ServerConnectAlgorithm: 'ServerTable',
      Enable: 'true',
    })
    const server = ['Alias', 'ServerAddress', 'Port', 'Enable'].map((name) => get(`${ROW}Server.1.${name}`))
    expect(server).toEqual(['first', 'xmpp.a.example', '5223', 'true'])
    expect(get(`${SERVER}ConnReqXMPPConnection`)).toBe('Device.XMPP.Connection.1')
    expect(get(`${SERVER}ConnReqAllowedJabberIDs`)).toBe('acs@a.example,noc@a.example/desk')
    expect(logLevelOf(device.options.configuration?.xmpp)).toBe('DEBUG')
    expect(warnings).toEqual([])
    expect(written()).toBe(FILE)
  })

  test('leaves the file of a fresh device as it is, where everything is off', () => {
    const file = `config cwmp 'xmpp'
	option enable '0'
	option id '0'
	option allowed_jid ''

config xmpp_connection
	option enable '0'
	option username ''
	option serveralgorithm 'DNS-SRV'

config xmpp_connection_server
	option id_connection '1'
	option connection_server_instance '1'
	option enable '0'
	option port '5222'
`
    boot(file)

    expect(device.tree.rows('Device.XMPP.Connection.')).toEqual([ROW])
    expect(get(`${SERVER}ConnReqXMPPConnection`)).toBe('')
    expect(written()).toBe(file)
  })

  test('later keeps what the ACS has changed, and takes over only what the operator has', () => {
    boot(FILE)
    device.tree.setLocally(`${ROW}Resource`, 'by-acs')
    boot(written().replace("a.example'", "b.example'"), device.store)

    expect(device.tree.rows('Device.XMPP.Connection.')).toEqual([ROW])
    expect([get(`${ROW}Resource`), get(`${ROW}Domain`)]).toEqual(['by-acs', 'b.example'])
  })

  test('deletes the row of a section that is gone, and adds one for a new section', () => {
    boot(FILE)
    boot(FILE.replaceAll("'7'", "'8'"), device.store)

    expect(device.tree.rows('Device.XMPP.Connection.')).toEqual(['Device.XMPP.Connection.2.'])
    expect(get(`${SERVER}ConnReqXMPPConnection`)).toBe('Device.XMPP.Connection.2')
  })

  test('names what it cannot take over', () => {
    boot(
      FILE.replace("usetls '1'", "usetls 'perhaps'")
        .replace("interval '30'", "interval 'x'")
        .replace("id_connection '7'", "id_connection '9'"),
    )

    expect(warnings.map((line) => line.replace(path, ''))).toEqual([
      ': xmpp_connection_server: id_connection names no connection',
      ': connection 7.usetls: 0 or 1 is expected',
    ])
    expect(device.lines.join('\n')).toContain(`${ROW}KeepAliveInterval`)
    expect(get(`${ROW}Domain`)).toBe('a.example')
  })

  test('without the file does nothing', () => {
    boot()
    device.tree.addObject('Device.XMPP.Connection.', '')
    expect(device.tree.rows('Device.XMPP.Connection.')).toEqual([ROW])
  })
})

describe('what changes is written', () => {
  test('where it stands, comments kept', () => {
    boot(FILE)
    device.tree.setLocally(`${ROW}UseTLS`, 'false')
    device.tree.setLocally(`${SERVER}ConnReqAllowedJabberIDs`, 'acs@a.example')
    device.tree.setLocally(`${SERVER}ConnReqXMPPConnection`, '')

    expect(written()).toBe(
      FILE.replace("usetls '1'", "usetls '0'")
        .replace("enable '1'", "enable '0'")
        .replace('acs@a.example,noc@a.example/desk', 'acs@a.example'),
    )
  })

  test('once, at the end of a session', () => {
    boot(FILE)
    device.inSession = true
    device.tree.setLocally(`${ROW}Resource`, 'x')
    expect(written()).toBe(FILE)
    service.sessionEnded()
    expect(written()).toContain("resource 'x'")
  })

  test('for new rows, which survive with their numbers', () => {
    boot(FILE)
    device.tree.addObject('Device.XMPP.Connection.', '')
    device.tree.addObject('Device.XMPP.Connection.2.Server.', '')
    device.tree.setLocally('Device.XMPP.Connection.2.Domain', 'c.example')
    device.tree.setLocally(`${SERVER}ConnReqXMPPConnection`, 'Device.XMPP.Connection.2')
    expect(written()).toMatch(
      /config xmpp_connection\n\toption connection_instance '2'[^#]*option domain 'c\.example'/,
    )
    expect(written()).toMatch(
      /config xmpp_connection_server\n\toption id_connection '2'\n\toption connection_server_instance '1'/,
    )
    expect(written()).toContain("id '2'")

    const before = written()
    boot(undefined, device.store)
    expect(device.tree.rows('Device.XMPP.Connection.')).toEqual([ROW, 'Device.XMPP.Connection.2.'])
    expect(written()).toBe(before)
  })

  test('for deleted rows, also where sections have no numbers', () => {
    const section = (name: string) => `config xmpp_connection\n\toption username '${name}'\n\n`
    boot(section('a') + section('b'))
    device.tree.deleteObject(ROW, '')

    expect(written()).toBe(
      "config xmpp_connection\n\toption username 'b'\n\toption connection_instance '2'\n\n",
    )
    boot(undefined, device.store)
    expect(device.tree.rows('Device.XMPP.Connection.')).toEqual(['Device.XMPP.Connection.2.'])
  })
})

test.each([
  ['0', 'CRIT'],
  ['3', 'INFO'],
  ['NOTICE', 'NOTICE'],
  ['critic', 'CRIT'],
  ['', undefined],
  ['loud', undefined],
])('loglevel %j shows lines up to %s', (level, expected) => {
  boot(`config cwmp xmpp\n\toption loglevel '${level}'\n`)
  expect(logLevelOf(device.options.configuration?.xmpp)).toBe(expected)
})

test('leaves what cannot be to whoever wrote it, and complains of it at each boot, until it changes', () => {
  const before = FILE.replace("usetls '1'", "usetls 'perhaps'").replace("interval '30'", "interval 'often'")
  boot(before)
  const { store, lines } = device
  const first = [...warnings, ...lines].filter((line) => line.includes(path))
  warnings = []

  boot(undefined, store)

  expect(written()).toBe(before)
  expect(first).toHaveLength(2)
  expect([...warnings, ...device.lines].filter((line) => line.includes(path))).toHaveLength(2)
  device.tree.setLocally(`${ROW}KeepAliveInterval`, '77')
  expect(written()).toBe(before.replace("'often'", "'77'"))
})
