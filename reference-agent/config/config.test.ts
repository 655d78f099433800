import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, Configuration, readSettings } from './config.ts'
import { fromOption, toOption } from './parameters.ts'

let directory: string
let path: string
let warnings: string[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-config-'))
  path = join(directory, 'cwmp')
  warnings = []
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function configured(...lines: string[]): Configuration {
  writeFileSync(path, `${lines.join('\n')}\n`)
  return new Configuration(directory, (line) => void warnings.push(line))
}

const URL_PATH = 'Device.ManagementServer.URL'
const ENABLE_PATH = 'Device.ManagementServer.PeriodicInformEnable'

describe('Configuration', () => {
  test('says what parameters are, the URL last', () => {
    const configuration = configured(
      'config acs acs',
      'option url http://acs/',
      "option userid ''",
      'option periodic_inform_enable 1',
      'option insecure_enable 0',
      'config cpe cpe',
      'option userid acs',
    )

    expect(Object.entries(configuration.parameters())).toEqual([
      [ENABLE_PATH, 'true'],
      ['Device.ManagementServer.ConnectionRequestUsername', 'acs'],
      [URL_PATH, 'http://acs/'],
    ])
  })

  test('passes over an option that says nothing it knows', () => {
    const configuration = configured('config acs acs', 'option periodic_inform_enable perhaps')

    expect(configuration.parameters()).toEqual({})
    expect(warnings).toEqual([`${path}: line 2: acs.periodic_inform_enable: 0 or 1 is expected`])
  })

  test('writes what has changed, with the rights of the file, and keeps the first file', () => {
    const configuration = configured('# mine', 'config acs acs', "option url 'http://a/'")
    chmodSync(path, 0o640)
    const before = readFileSync(path, 'utf8')

    configuration.write({ [URL_PATH]: 'http://b/', [ENABLE_PATH]: 'true', 'Device.Elsewhere': 'x' })
    configuration.write({ [URL_PATH]: 'http://c/' })

    expect(readFileSync(path, 'utf8')).toBe(
      "# mine\nconfig acs acs\noption url 'http://c/'\n\toption periodic_inform_enable '1'\n",
    )
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(readFileSync(`${path}.factory`, 'utf8')).toBe(before)
  })

  test('leaves the file alone when nothing has changed, or nothing more than an empty option for an absent one', () => {
    const configuration = configured('config acs acs', 'option url http://a/')

    configuration.write({ [URL_PATH]: 'http://a/', 'Device.ManagementServer.Username': '' })

    expect(existsSync(`${path}.factory`)).toBe(false)
  })

  test('writes an option that is no parameter', () => {
    const configuration = configured('config cpe cpe', 'option port 7547 # usual')

    configuration.writeOption('cpe.port', '7548')

    expect(readFileSync(path, 'utf8')).toBe("config cpe cpe\noption port '7548' # usual\n")
    expect(readFileSync(`${path}.factory`, 'utf8')).toContain('7547')
  })

  test('knows the file for XMPP beside it, and takes it back to what it was, too', () => {
    const xmpp = join(directory, 'cwmp_xmpp')
    expect(configured('config acs acs').xmpp).toBeUndefined()
    writeFileSync(xmpp, 'config cwmp xmpp\noption id 0\n')
    const configuration = configured('config acs acs')

    configuration.xmpp?.content.set('xmpp', 'id', '1')
    configuration.xmpp?.save()
    expect(readFileSync(xmpp, 'utf8')).toBe("config cwmp xmpp\noption id '1'\n")

    configuration.reset()
    expect(configuration.xmpp?.content.get('xmpp', 'id')).toBe('0')
  })

  test('goes back to the first file', () => {
    const configuration = configured('config acs acs', 'option url http://a/')
    configuration.write({ [URL_PATH]: 'http://b/' })

    configuration.reset()

    expect(configuration.get('acs.url')).toBe('http://a/')
    configuration.reset()
    expect(readFileSync(path, 'utf8')).toBe('config acs acs\noption url http://a/\n')
  })

  test('reads a file again that somebody has changed', () => {
    const configuration = configured('config acs acs', 'option url http://a/')
    writeFileSync(path, 'config acs acs\noption url http://b/\n')

    configuration.reload()

    expect(configuration.get('acs.url')).toBe('http://b/')
    rmSync(path)
    expect(() => configuration.reload()).toThrow(new ConfigError(`${path}: ENOENT`))
    expect(configuration.get('acs.url')).toBe('http://b/')
  })

  test('says which file is missing', () => {
    expect(() => new Configuration(directory, () => {})).toThrow(new ConfigError(`${path}: ENOENT`))
  })
})

test('keeps every octet of a file that is not in UTF-8', () => {
  const before = Buffer.from(
    "# M\xfcller\nconfig acs acs\n\toption userid 'J\xfcrgen'\n\xff\x00\x80\n",
    'latin1',
  )
  writeFileSync(path, before)
  const configuration = new Configuration(directory, (line) => void warnings.push(line))
  expect(configuration.get('acs.userid')).toBe('J\u00fcrgen')

  configuration.write({ 'Device.ManagementServer.Password': '\u20ac' })

  const after = readFileSync(path)
  expect(after.subarray(0, before.length - 4)).toEqual(before.subarray(0, before.length - 4))
  expect(after.indexOf(Buffer.from([0xff, 0x00, 0x80, 0x0a]))).toBeGreaterThan(0)
  expect(after.includes("option passwd '\u20ac'")).toBe(true)
  expect(warnings).toEqual([
    `${path}: not in UTF-8; read as Latin-1`,
    expect.stringContaining(`${path}: line 4: expected config, option or list`),
  ])
})

test('complains of a file that is none only so often', () => {
  configured(...Array.from({ length: 100 }, () => 'nonsense'))

  expect(warnings).toHaveLength(21)
  expect(warnings.at(-1)).toBe(`${path}: 80 more lines are ignored`)
})

test('tells mistakes that are found later to whoever listens then', () => {
  const configuration = configured('config acs acs')
  const later: string[] = []
  configuration.warnBy((line) => later.push(line))
  writeFileSync(path, 'nonsense\n')

  configuration.reload()

  expect([warnings.length, later.length]).toEqual([0, 1])
})

test('gives settings under the names of the command line', () => {
  const configuration = configured(
    'config cpe cpe',
    'option port 7547',
    "option serial_number ''",
    'option log_severity DEBUG',
    'option log_to_file 1',
    'option log_file_name /var/log/agent.log',
  )

  expect(readSettings(configuration)).toEqual([
    { option: 'cpe.port', name: 'connection-request-port', value: '7547' },
    { option: 'cpe.log_severity', name: 'log-level', value: 'DEBUG' },
    { option: 'cpe.log_file_name', name: 'log-file', value: '/var/log/agent.log' },
  ])
})

test('logs to no file where that is switched off', () => {
  const configuration = configured('config cpe cpe', 'option log_to_file 0', 'option log_file_name /x')

  expect(readSettings(configuration)).toEqual([])
})

test('logs to the usual file where nobody has said which', () => {
  const [setting] = readSettings(configured('config cpe cpe', 'option log_to_file 1'))

  expect(setting?.value).toBe('/var/log/icwmpd.log')
})

test('leaves XMPP alone in an agent that is too old for it', () => {
  writeFileSync(join(directory, 'cwmp_xmpp'), 'config cwmp xmpp\noption id 1\n')

  expect(configured('config cpe cpe', 'option amd_version 4').xmpp).toBeUndefined()
  expect(warnings).toEqual([
    `${path}: line 2: cpe.amd_version: there is no XMPP before 5: cwmp_xmpp is left alone`,
  ])
  expect(configured('config cpe cpe', 'option amd_version 5').xmpp).toBeDefined()
})

test.each([
  ['text', 'a', 'a'],
  ['boolean', '1', 'true'],
  ['boolean', '0', 'false'],
  ['udp', '1', 'UDP'],
  ['udp', '0', ''],
] as const)('an option of the form %s says %j for the value %j', (form, option, value) => {
  expect(fromOption(form, option)).toBe(value)
  expect(toOption(form, value)).toBe(option)
})

test.each([
  ['enable', 'true'],
  ['Yes', 'true'],
  ['off', 'false'],
])('%s is a boolean', (text, value) => {
  expect(fromOption('boolean', text)).toBe(value)
})
