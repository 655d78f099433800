import { generateKeyPairSync, sign } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultParts } from '../agent.ts'
import type { ObjectDefinition } from '../datamodel/datamodel.ts'
import { getParameterValues, type ReceivedSession, setParameterValues, valuesOf } from '../tiny-acs.ts'
import { firmwareImage, membersOf, TransferBench } from './test-agent.ts'

const VERSION = 'Device.DeviceInfo.SoftwareVersion'
const IMAGES = 'Device.DeviceInfo.FirmwareImage.'

let bench: TransferBench
let image: string

beforeEach(async () => {
  image = firmwareImage('2.0.0')
  bench = await TransferBench.open(() => ({ body: image }))
})

afterEach(() => bench.close())

const firmware = (fileType = '1 Firmware Upgrade Image') =>
  bench.download({ fileType, targetFileName: 'new.img' })

/** DeviceInfo in which no image is chosen. */
function withoutDefaults(deviceInfo: ObjectDefinition): ObjectDefinition {
  const parameters = Object.entries(deviceInfo.parameters).map(([name, definition]) =>
    name.endsWith('FirmwareImage') ? [name, { ...definition, default: '' }] : [name, definition],
  )
  return { ...deviceInfo, parameters: Object.fromEntries(parameters) }
}

/** Runs a download and gives the session that reports it. */
async function reported(order: string): Promise<ReceivedSession> {
  bench.acs.plan = [order]
  await bench.start()
  await bench.acs.next()
  return bench.acs.next()
}

describe('a firmware upgrade', () => {
  test('reboots into the new version and is reported after that', async () => {
    const session = await reported(firmware())

    expect(session.events.toSorted()).toEqual([
      '1 BOOT',
      '4 VALUE CHANGE',
      '7 TRANSFER COMPLETE',
      'M Download(key)',
    ])
    expect(session.parameters.get(VERSION)).toBe('2.0.0')
    expect(membersOf(session.called[0])).toMatchObject({ CommandKey: 'key', FaultCode: '0' })
  })

  test('goes into the place that does not run, back and forth', async () => {
    await reported(firmware())
    image = firmwareImage('3.0.0')
    await reported(firmware())

    bench.acs.plan = [getParameterValues(IMAGES, 'Device.DeviceInfo.ActiveFirmwareImage')]
    await bench.start()

    expect(valuesOf((await bench.acs.next()).answers[0])).toMatchObject({
      'Device.DeviceInfo.ActiveFirmwareImage': `${IMAGES}1`,
      [`${IMAGES}1.Version`]: '3.0.0',
      [`${IMAGES}1.Status`]: 'Active',
      [`${IMAGES}1.Name`]: 'new.img',
      [`${IMAGES}2.Version`]: '2.0.0',
      [`${IMAGES}2.Status`]: 'Available',
      [`${IMAGES}2.Available`]: 'true',
    })
  })

  test('outlives a factory reset', async () => {
    await reported(firmware())
    const agent = await bench.start()
    await bench.acs.next()

    await agent.factoryReset()

    const { events, parameters } = await bench.acs.next()
    expect(events).toEqual(['0 BOOTSTRAP', '1 BOOT'])
    expect(parameters.get(VERSION)).toBe('2.0.0')
  })

  test.each([
    ['a damaged payload', () => `${firmwareImage('2.0.0')}!`],
    ['a payload that ends early', () => firmwareImage('2.0.0').slice(0, -1)],
    ['the image of another product', () => firmwareImage('2.0.0', 'product-class: Toaster\n')],
    ['no image', () => '<html>'],
    ['an empty file', () => ''],
    ['an image without a version', () => firmwareImage('')],
    ['a header with a broken line', () => firmwareImage('2.0.0', 'nonsense\n')],
  ])('refuses %s with 9018 and stays what it is', async (_name, make) => {
    image = make()

    const session = await reported(firmware())

    expect(session.events).toEqual(['7 TRANSFER COMPLETE', 'M Download(key)'])
    expect(membersOf(session.called[0])).toMatchObject({ FaultCode: '9018' })
    expect(session.parameters.get(VERSION)).toBe('1.0.0')
  })

  test('works without a place for images in the data model', async () => {
    const parts = defaultParts()
    parts.objects = parts.objects.map((each) =>
      each.path === `${IMAGES}{i}.`
        ? { ...each, rows: [] }
        : each.path === 'Device.DeviceInfo.'
          ? withoutDefaults(each)
          : each,
    )
    bench.acs.plan = [firmware()]
    await bench.start({}, parts)
    await bench.acs.next()

    expect((await bench.acs.next()).parameters.get(VERSION)).toBe('2.0.0')
  })

  describe.each([
    ['ed25519', () => generateKeyPairSync('ed25519'), null],
    ['ECDSA', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'sha256'],
  ] as const)('of a device that knows the key of its maker (%s)', (_kind, generate, digest) => {
    const { publicKey, privateKey } = generate()
    const firmwareKey = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const signed = (version: string, key = privateKey) => {
      const unsigned = firmwareImage(version)
      const header = unsigned.slice(0, unsigned.indexOf('\n\n') + 1)
      return firmwareImage(
        version,
        `signature: ${sign(digest, Buffer.from(header), key).toString('base64')}\n`,
      )
    }

    test.each([
      ['without a signature', () => firmwareImage('2.0.0')],
      ['with nonsense for a signature', () => firmwareImage('2.0.0', 'signature: !\n')],
      ['with the signature of another', () => signed('2.0.0', generate().privateKey)],
      [
        'with the signature of another version',
        () => signed('1.5.0').replace('version: 1.5.0', 'version: 2.0.0'),
      ],
    ])('refuses an image %s with 9019', async (_name, make) => {
      image = make()
      bench.acs.plan = [firmware()]
      await bench.start({ firmwareKey })
      await bench.acs.next()

      const session = await bench.acs.next()

      expect(membersOf(session.called[0])).toMatchObject({ FaultCode: '9019' })
      expect(session.parameters.get(VERSION)).toBe('1.0.0')
    })

    test('takes what the maker has signed', async () => {
      image = signed('2.0.0')
      bench.acs.plan = [firmware()]
      await bench.start({ firmwareKey })
      await bench.acs.next()

      expect((await bench.acs.next()).parameters.get(VERSION)).toBe('2.0.0')
    })
  })

  test('takes the image of its own product', async () => {
    image = firmwareImage('2.0.0', 'product-class: ReferenceCPE\n')

    expect((await reported(firmware())).parameters.get(VERSION)).toBe('2.0.0')
  })
})

describe('a stored firmware image', () => {
  const stored = () => firmware('6 Stored Firmware Image')

  test('is reported without a reboot and does not run', async () => {
    const session = await reported(stored())

    expect(session.events).toEqual(['7 TRANSFER COMPLETE', 'M Download(key)'])
    expect(session.parameters.get(VERSION)).toBe('1.0.0')
  })

  test('runs once the ACS has chosen it and the device has rebooted', async () => {
    await reported(stored())
    bench.acs.plan = [
      setParameterValues({ 'Device.DeviceInfo.BootFirmwareImage': `${IMAGES}2` }),
      '<cwmp:Reboot><CommandKey>r</CommandKey></cwmp:Reboot>',
    ]
    await bench.start()
    expect((await bench.acs.next()).answers.map(({ name }) => name)).toEqual([
      'SetParameterValuesResponse',
      'RebootResponse',
    ])

    const { parameters, events } = await bench.acs.next()

    expect(parameters.get(VERSION)).toBe('2.0.0')
    expect(events).toContain('4 VALUE CHANGE')
  })

  test.each([
    [{ 'Device.DeviceInfo.BootFirmwareImage': `${IMAGES}2` }],
    [{ 'Device.DeviceInfo.BootFirmwareImage': '' }],
    [{ [`${IMAGES}1.Available`]: 'false' }],
  ])('what cannot boot is no choice: %j', async (values) => {
    bench.acs.plan = [setParameterValues(values)]
    await bench.start()

    const fault = (await bench.acs.next()).answers[0]

    expect(fault?.name).toBe('Fault')
    expect(membersOf(fault)).toMatchObject({ ParameterName: Object.keys(values)[0], FaultCode: '9007' })
  })
})
