import { describe, expect, test } from 'vitest'
import { TestDevice } from '../services/test-device.ts'
import { AcsDiscovery, checkedOptions, type DhcpOptions } from './acs-discovery.ts'

const URL_PATH = 'Device.ManagementServer.URL'
const option = (code: number, text: string) => Buffer.from([code, text.length, ...Buffer.from(text)])
const hex = (...parts: Buffer[]) => Buffer.concat(parts).toString('hex')
const enterprise = (number: number, ...parts: Buffer[]) => {
  const data = Buffer.concat(parts)
  const head = Buffer.alloc(5)
  head.writeUInt32BE(number)
  head.writeUInt8(data.length, 4)
  return Buffer.concat([head, data])
}

/** A device that is born with an ACS. */
function boot(device = new TestDevice()) {
  const service = new AcsDiscovery(device)
  device.tree.on('change', (each) => service.changed(each))
  return {
    device,
    service,
    hand: (options: DhcpOptions) =>
      service.commands.dhcp({ text: () => '', optional: () => undefined, texts: () => options }),
    value: (path: string) => device.tree.get(path)?.value,
    byAcs: (path: string, value: string) => device.tree.setValues([{ path, value, type: undefined }], ''),
  }
}

describe('what a DHCP server says', () => {
  test('in option 43 becomes URL, ProvisioningCode and retry parameters', () => {
    const { hand, value } = boot()

    hand({ 43: hex(option(1, 'http://dhcp.example/'), option(2, 'code'), option(3, '7'), option(4, '1500')) })

    expect(value(URL_PATH)).toBe('http://dhcp.example/')
    expect(value('Device.DeviceInfo.ProvisioningCode')).toBe('code')
    expect(value('Device.ManagementServer.CWMPRetryMinimumWaitInterval')).toBe('7')
    expect(value('Device.ManagementServer.CWMPRetryIntervalMultiplier')).toBe('1500')
  })

  test('in option 125 counts under the enterprise number of the Broadband Forum, and before option 43', () => {
    const { hand, value } = boot()

    hand({
      43: hex(option(1, 'http://old.example/'), option(2, 'kept')),
      125: hex(
        enterprise(9, option(11, 'http://stranger.example/')),
        enterprise(
          3561,
          option(4, '00D09E'),
          option(5, 'G1'),
          option(6, 'Gateway'),
          option(11, 'http://new.example/'),
        ),
      ),
    })

    expect(value(URL_PATH)).toBe('http://new.example/')
    expect(value('Device.DeviceInfo.ProvisioningCode')).toBe('kept')
    expect(value('Device.GatewayInfo.ManufacturerOUI')).toBe('00D09E')
    expect(value('Device.GatewayInfo.SerialNumber')).toBe('G1')
    expect(value('Device.GatewayInfo.ProductClass')).toBe('Gateway')
  })

  test('in option 17 of DHCPv6 counts under that enterprise number, too', () => {
    const { hand, value } = boot()
    const wide = (code: number, text: string) => Buffer.from([0, code, 0, text.length, ...Buffer.from(text)])

    hand({
      17: hex(
        Buffer.from('00000de9', 'hex'),
        wide(99, 'x'),
        wide(11, 'http://six.example/'),
        wide(12, 'six'),
      ),
    })
    hand({ 17: hex(Buffer.from('00000009', 'hex'), wide(11, 'http://stranger.example/')) })

    expect(value(URL_PATH)).toBe('http://six.example/')
    expect(value('Device.DeviceInfo.ProvisioningCode')).toBe('six')
  })

  test('may have padding, an end, unknown options and a null character behind a text', () => {
    const { hand, value } = boot()

    hand({
      43: hex(
        Buffer.from([0]),
        option(99, 'x'),
        option(1, 'http://a.example/\0'),
        Buffer.from([255, 1, 200]),
      ),
    })

    expect(value(URL_PATH)).toBe('http://a.example/')
  })

  test.each([
    ['cut short', { 43: hex(option(1, 'http://a.example/')).slice(0, -2) }, 'option 43: it ends too early'],
    ['without a length', { 43: '01' }, 'it ends too early'],
    ['not hexadecimal', { 43: 'xyz' }, 'not hexadecimal'],
    ['no text', { 43: '0102c3a4' }, 'no text'],
    ['a cut enterprise', { 125: '00000d' }, 'option 125: an enterprise is cut short'],
    ['a long enterprise', { 125: '00000de9ff01' }, 'it ends too early'],
    ['a cut enterprise of DHCPv6', { 17: '00000d' }, 'option 17: an enterprise is cut short'],
    ['a cut option of DHCPv6', { 17: '00000de9000b' }, 'option 17: it ends too early'],
    ['a long option of DHCPv6', { 17: '00000de9000b000261' }, 'option 17: it ends too early'],
    ['no http', { 43: hex(option(1, 'ftp://a.example/')) }, `${URL_PATH} cannot be ftp://a.example/`],
    ['out of range', { 43: hex(option(3, '0')) }, 'CWMPRetryMinimumWaitInterval cannot be 0'],
    ['no number', { 43: hex(option(4, 'many')) }, 'CWMPRetryIntervalMultiplier cannot be many'],
  ] as [string, DhcpOptions, string][])('%s is ignored, with a line in the log', (_name, options, line) => {
    const { device, hand, value } = boot()
    const before = value(URL_PATH)

    hand(options)

    expect(value(URL_PATH)).toBe(before)
    expect(device.lines.join('\n')).toContain(line)
    expect(device.lines.join('\n')).toContain('ignored')
  })
})

describe('precedence', () => {
  const dhcp = { 43: hex(option(1, 'http://dhcp.example/')) }

  test('what the ACS has set beats DHCP, also after a reboot', () => {
    const { device, byAcs, hand, value } = boot()
    hand(dhcp)
    byAcs(URL_PATH, 'http://acs.example/other')

    hand(dhcp)
    const again = boot(new TestDevice(device.store, device.clock))
    again.hand(dhcp)

    expect(value(URL_PATH)).toBe('http://acs.example/other')
    expect(again.value(URL_PATH)).toBe('http://acs.example/other')
  })

  test('what somebody at the device sets ends that', () => {
    const { device, byAcs, hand, value } = boot()
    byAcs(URL_PATH, 'http://acs.example/other')
    device.tree.setLocally(URL_PATH, 'http://installer.example/')

    hand(dhcp)

    expect(value(URL_PATH)).toBe('http://dhcp.example/')
  })

  test('another parameter that the ACS has set keeps nothing else from DHCP', () => {
    const { byAcs, hand, value } = boot()
    byAcs('Device.DeviceInfo.ProvisioningCode', 'by ACS')

    hand({ 43: hex(option(1, 'http://dhcp.example/'), option(2, 'by DHCP')) })

    expect(value(URL_PATH)).toBe('http://dhcp.example/')
    expect(value('Device.DeviceInfo.ProvisioningCode')).toBe('by ACS')
  })
})

test('the options of the command line count at each boot', () => {
  const device = new TestDevice()
  device.options.dhcpOptions = { 43: hex(option(1, 'http://dhcp.example/')) }
  const { service, value } = boot(device)

  service.configure()

  expect(value(URL_PATH)).toBe('http://dhcp.example/')
})

test('the device says what it is: vendor class and identity', () => {
  const device = new TestDevice()
  device.tree.setLocally('Device.DeviceInfo.ManufacturerOUI', '00D09E')
  device.tree.setLocally('Device.DeviceInfo.SerialNumber', 'S1')
  device.tree.setLocally('Device.DeviceInfo.ProductClass', 'CPE')

  expect(boot(device).service.commands['dhcp-request']()).toEqual({
    options: {
      16: '00000de9000c64736c666f72756d2e6f7267',
      60: Buffer.from('dslforum.org').toString('hex'),
      124: hex(Buffer.from([0, 0, 0x0d, 0xe9, 13, 12]), Buffer.from('dslforum.org')),
      125: hex(enterprise(3561, option(1, '00D09E'), option(2, 'S1'), option(3, 'CPE'))),
    },
  })
})

test.each([undefined, null, [], 'x', { 43: 1 }])('%j is no set of options', (value) => {
  expect(() => checkedOptions(value)).toThrow('options are missing')
})
