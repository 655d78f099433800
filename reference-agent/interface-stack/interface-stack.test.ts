import { expect, test } from 'vitest'
import { TestDevice } from '../services/test-device.ts'
import { InterfaceStack } from './interface-stack.ts'

const STACK = 'Device.InterfaceStack.'
const SSID_LAYERS = 'Device.WiFi.SSID.1.LowerLayers'

function boot(device = new TestDevice()) {
  const service = new InterfaceStack(device)
  service.start()
  device.tree.on('change', (change) => service.changed(change))
  const links = () =>
    device.tree
      .rows(STACK)
      .map((row) => [device.tree.get(`${row}HigherLayer`)?.value, device.tree.get(`${row}LowerLayer`)?.value])
  return { device, links }
}

test('the rows of the factory are those of its interfaces', () => {
  const { device, links } = boot()

  expect(device.tree.rows(STACK)).toEqual([1, 2, 3, 4, 5, 6].map((number) => `${STACK}${number}.`))
  expect(links()).toContainEqual(['Device.IP.Interface.1', 'Device.Ethernet.Link.1'])
})

test('an interface that is put on another one has another row, and the other rows stay', () => {
  const { device, links } = boot()

  device.tree.setValues([{ path: SSID_LAYERS, value: 'Device.WiFi.Radio.2' }], '')

  expect(links()).toContainEqual(['Device.WiFi.SSID.1', 'Device.WiFi.Radio.2'])
  expect(links()).not.toContainEqual(['Device.WiFi.SSID.1', 'Device.WiFi.Radio.1'])
  expect(device.tree.rows(STACK)).toEqual([1, 2, 3, 4, 6, 7].map((number) => `${STACK}${number}.`))
})

test('an interface on several others has a row for each, one on none has none', () => {
  const { device, links } = boot()

  device.tree.setValues([{ path: SSID_LAYERS, value: 'Device.WiFi.Radio.1,Device.WiFi.Radio.2' }], '')
  expect(links().filter(([higher]) => higher === 'Device.WiFi.SSID.1')).toHaveLength(2)
  device.tree.setValues([{ path: SSID_LAYERS, value: '' }], '')

  expect(links().filter(([higher]) => higher === 'Device.WiFi.SSID.1')).toEqual([])
})

test('rows go with the interfaces that they name', () => {
  const { device, links } = boot()

  device.tree.deleteObject('Device.IP.Interface.1.', '')
  device.tree.deleteObject('Device.Ethernet.Link.2.', '')

  expect(links().flat()).not.toContain('Device.IP.Interface.1')
  expect(links().flat()).not.toContain('Device.Ethernet.Link.2')
  expect(links().flat()).not.toContain('')
})

test('a boot makes up for what a power cut prevented', () => {
  const { device } = boot()
  device.tree.removeAllListeners()
  device.tree.setValues([{ path: SSID_LAYERS, value: 'Device.WiFi.Radio.2' }], '')

  const { links } = boot(new TestDevice(device.store))

  expect(links()).toContainEqual(['Device.WiFi.SSID.1', 'Device.WiFi.Radio.2'])
})
