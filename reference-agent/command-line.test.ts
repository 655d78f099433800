import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readCommandLine } from './command-line.ts'
import { TRUSTED_ROOT } from './transport/test-certificates.ts'

const least = ['--acs-url', 'http://acs.example.com/', '--state-dir', '/tmp/x']

describe('readCommandLine', () => {
  test('needs an ACS and a directory, and has defaults for the rest', () => {
    const { options, logLevel } = readCommandLine(least, {})

    expect(options).toMatchObject({
      acsUrl: 'http://acs.example.com/',
      stateDirectory: '/tmp/x',
      connectionRequestHost: '127.0.0.1',
      connectionRequestPort: 0,
      clockRate: 1,
      responseTimeout: 30,
    })
    expect(logLevel).toBe('INFO')
  })

  test('takes passwords from the environment, where nobody else sees them', () => {
    const environment = { CWMP_ACS_PASSWORD: 'a', CWMP_CONNECTION_REQUEST_PASSWORD: 'b' }

    const fromEnvironment = readCommandLine(least, environment).options
    const fromArguments = readCommandLine([...least, '--acs-password', 'c'], environment).options

    expect([fromEnvironment.acsPassword, fromEnvironment.connectionRequestPassword]).toEqual(['a', 'b'])
    expect(fromArguments.acsPassword).toBe('c')
  })

  test.each(['192.0.2.1', '192.0.2.1:5353', '[2001:db8::1]:53', '[2001:db8::1]'])(
    'takes %s as DNS server',
    (text) => {
      expect(readCommandLine([...least, '--dns-server', text], {}).options.dnsServer).toBe(text)
    },
  )

  test('takes the time that the device wakes with', () => {
    const time = (text: string) => readCommandLine([...least, '--initial-time', text], {}).options.initialTime

    expect(time('unknown')).toBe('unknown')
    expect(time('2030-01-02T03:04:05Z')).toBe(Date.parse('2030-01-02T03:04:05Z'))
  })

  test('waits the 30 seconds of the standard in real time too when the clock of the device is fast', () => {
    expect(readCommandLine([...least, '--clock-rate', '20'], {}).options.responseTimeout).toBe(600)
    expect(readCommandLine([...least, '--clock-rate', '0.5'], {}).options.responseTimeout).toBe(30)
  })

  test.each([
    [['--state-dir', 'x'], '--acs-url is required'],
    [['--acs-url', 'http://acs/'], '--state-dir is required'],
    [[...least, '--frobnicate'], "Unknown option '--frobnicate'"],
    [[...least, 'word'], "Unexpected argument 'word'"],
    [[...least, '--oui'], '--oui'],
    [['--acs-url', 'ftp://acs/', '--state-dir', 'x'], 'expected an http or https URL, got ftp://acs/'],
    [['--acs-url', 'acs', '--state-dir', 'x'], 'expected an http or https URL, got acs'],
    [[...least, '--log-level', 'LOUD'], 'expected one of EMERG, '],
    [[...least, '--connection-request-port', '70000'], 'expected a whole number from 0 to 65535, got 70000'],
    [[...least, '--periodic-inform-interval', '0'], 'from 1 to'],
    [[...least, '--response-timeout', '29'], 'from 30 to'],
    [[...least, '--clock-rate', 'fast'], 'expected a number above 0'],
    [[...least, '--initial-time', 'noon'], '--initial-time: expected a dateTime or unknown, got noon'],
    [[...least, '--client-key', import.meta.filename], '--client-key: expected together with'],
    [
      [...least, '--client-certificate', import.meta.filename],
      '--client-certificate: expected together with',
    ],
    [
      [...least, '--client-certificate', import.meta.filename, '--client-key', import.meta.filename],
      '--client-certificate: cannot be used',
    ],
    [[...least, '--dns-server', 'dns.example:53'], '--dns-server: expected an address and a port, got'],
    [[...least, '--dns-server', '192.0.2.1:0'], 'got 192.0.2.1:0'],
    [[...least, '--dhcp-options', '/nowhere.json'], '--dhcp-options: cannot read /nowhere.json (ENOENT)'],
    [[...least, '--dhcp-options', import.meta.filename], 'command-line.test.ts:1: no valid JSON'],
    [[...least, '--oui', '00d09e'], 'six upper-case hexadecimal digits'],
    [[...least, '--serial-number', 'x'.repeat(65)], '1 to 64 characters'],
    [[...least, '--trusted-ca', '/nowhere.pem'], '--trusted-ca: cannot read /nowhere.pem (ENOENT)'],
    [[...least, '--firmware-key', import.meta.filename], '--firmware-key: no public key in'],
    [[...least, '--trusted-ca', import.meta.filename], '--trusted-ca: no certificate in'],
    [[...least, '--voucher-ca', import.meta.filename], '--voucher-ca: no certificate in'],
    [[...least, '--data-model', '/dev/zero'], '/dev/zero: cannot be read (no regular file)'],
    [[...least, '--data-model', '/nowhere.json'], '/nowhere.json: cannot be read'],
    [[...least, '--data-model', import.meta.filename], 'JSON is expected'],
  ])('%j is explained in one line', (argv, explanation) => {
    let message = ''
    try {
      readCommandLine(argv, {}).dataModel([])
    } catch (error) {
      message = (error as Error).message
    }

    expect(message).toContain(explanation)
    expect(message).not.toContain('\n')
  })
})

describe('a configuration directory', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'cwmp-command-line-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  function configured(file: string, ...more: string[]) {
    writeFileSync(join(directory, 'cwmp'), file)
    return readCommandLine(['--config-dir', directory, '--state-dir', 'x', ...more], {
      CWMP_ACS_PASSWORD: 'e',
    })
  }

  test('says what the command line does not', () => {
    const { options, logFile } = configured(
      "config acs acs\noption url 'http://configured/'\noption passwd p\nconfig cpe cpe\noption port 7547\noption path /cr\noption log_file_name /x.log",
      '--connection-request-port',
      '7548',
    )

    expect(options).toMatchObject({
      acsPassword: 'e',
      connectionRequestPath: '/cr',
      connectionRequestPort: 7548,
    })
    expect(options.configuration?.parameters()).toEqual({
      'Device.ManagementServer.Password': 'p',
      'Device.ManagementServer.URL': 'http://configured/',
    })
    expect(logFile).toEqual({ path: '/x.log', maximumOctets: 102_400 })
  })

  test('may have mistakes, which are named and do no harm', () => {
    const { warnings, options } = configured("config acs acs\nnonsense\noption url 'http://configured/'")

    expect(warnings).toEqual([
      `${join(directory, 'cwmp')}: line 2: expected config, option or list instead of nonsense; the line is ignored`,
    ])
    expect(options.configuration?.get('acs.url')).toBe('http://configured/')
  })

  test('is held to the same limits, and a line beyond them alone is ignored', () => {
    const { warnings, options, logLevel } = configured(
      "config cpe cpe\noption port 70000\noption manufacturer_oui 00d09g\noption path /x\noption log_severity LOUD\noption product_class ''",
    )

    const file = join(directory, 'cwmp')
    expect(warnings).toEqual([
      `${file}: line 2: cpe.port: expected a whole number from 0 to 65535, got 70000; the line is ignored`,
      expect.stringContaining(`${file}: line 5: cpe.log_severity: expected one of EMERG, `),
      `${file}: line 3: cpe.manufacturer_oui: expected six upper-case hexadecimal digits, got 00D09G; the line is ignored`,
    ])
    expect([options.connectionRequestPath, options.connectionRequestPort, logLevel]).toEqual([
      '/x',
      0,
      'INFO',
    ])
  })

  test('without an ACS leaves the device without one', () => {
    expect(configured('config acs acs').options.acsUrl).toBe('')
  })

  test('spells as icwmp and people do', () => {
    const { options, logLevel } = configured(
      'config cpe cpe\noption manufacturer_oui 00d09e\noption log_severity CRITIC',
    )

    expect([options.oui, logLevel]).toEqual(['00D09E', 'CRIT'])
  })

  test('says where connection requests are taken by the name of an interface', () => {
    const loopback = Object.entries(networkInterfaces()).find(
      ([, found]) => found?.[0]?.address === '127.0.0.1',
    )
    const here = `config cpe cpe\noption interface ${loopback?.[0]}`

    expect(configured(here).options.connectionRequestHost).toBe('127.0.0.1')
    expect(configured(here, '--connection-request-host', '127.0.0.9').options.connectionRequestHost).toBe(
      '127.0.0.9',
    )
    expect(configured('config cpe cpe\noption interface nothing0').warnings).toEqual([
      `${join(directory, 'cwmp')}: line 2: cpe.interface: there is no nothing0 with an IPv4 address`,
    ])
  })

  test('knows habits that the command line does not', () => {
    expect(configured('config acs acs\noption insecure_enable 0').options).toMatchObject({
      insecureTls: false,
      ipv4Only: false,
      anyXsiType: false,
      amendment: undefined,
      trustedCa: undefined,
    })
    const { options, warnings, isEnabled, isConsoleQuiet } = configured(
      'config acs acs\noption insecure_enable 1\nconfig cpe cpe\noption force_ipv4 1\noption disable_datatype_check 1\noption amd_version 3\noption enable 0\noption log_to_console 0',
    )
    expect(options).toMatchObject({ insecureTls: true, ipv4Only: true, anyXsiType: true, amendment: 3 })
    expect([isEnabled, isConsoleQuiet]).toEqual([false, true])
    expect(warnings).toEqual([
      expect.stringContaining('line 2: acs.insecure_enable: certificates of servers are NOT checked'),
    ])
  })

  test.each([
    ['cpe', 'amd_version', '7', 'a number from 1 to 6 is expected'],
    ['cpe', 'enable', 'perhaps', '0 or 1 is expected'],
    ['acs', 'ssl_capath', '/nowhere', '/nowhere cannot be read (ENOENT): no server can prove who it is'],
    ['cpe', 'incoming_rule', 'IP_Only', 'has no effect: this agent has no firewall'],
  ])('says of %s.%s %s what is the matter', (section, option, value, complaint) => {
    const { warnings, isEnabled } = configured(
      `config ${section} ${section}\n# mine\noption ${option} ${value}`,
    )

    expect(warnings).toEqual([`${join(directory, 'cwmp')}: line 3: ${section}.${option}: ${complaint}`])
    expect(isEnabled).toBe(true)
  })

  test.each([
    ['[{"path":"X","parameters":{}}]', 'X: no object path'],
    ['[{"path":"Device.","parameters":{}},{"path":"Device.","parameters":{}}]', 'Device.: declared twice'],
  ])('names the file whose objects %s do not fit', (content, complaint) => {
    const model = join(directory, 'more.json')
    writeFileSync(model, content)

    expect(() => configured('', '--data-model', model).dataModel([])).toThrow(`${model}: ${complaint}`)
  })

  test('trusts the certificates in a directory, or else none at all', () => {
    const capath = join(directory, 'ca')
    mkdirSync(join(capath, 'more'), { recursive: true })
    const trusting = () => configured(`config acs acs\noption ssl_capath ${capath}`).options.trustedCa
    expect(trusting()).toBe('')

    writeFileSync(join(capath, 'root.pem'), `a comment\n${TRUSTED_ROOT}`)
    writeFileSync(join(capath, 'again.crt'), TRUSTED_ROOT)
    writeFileSync(join(capath, 'README'), 'nothing')
    symlinkSync('/nowhere', join(capath, 'link'))

    expect(trusting()).toBe(TRUSTED_ROOT.trim())
  })
})
