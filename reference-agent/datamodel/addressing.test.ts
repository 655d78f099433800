import { beforeEach, describe, expect, test } from 'vitest'
import { device2 } from './device2/device2.ts'
import { MemoryStore } from './memory-store.ts'
import { ParameterTree } from './parameter-tree.ts'

const MANAGEMENT_SERVER = 'Device.ManagementServer.'
const MAPPINGS = 'Device.NAT.PortMapping.'

let store: MemoryStore
let tree: ParameterTree

beforeEach(() => {
  store = new MemoryStore()
  tree = new ParameterTree(device2, store)
})

const set = (values: Record<string, string>) =>
  tree.setValues(
    Object.entries(values).map(([path, value]) => ({ path, value })),
    'key',
  )
const settings = (values: Record<string, string>) =>
  set(Object.fromEntries(Object.entries(values).map(([name, value]) => [MANAGEMENT_SERVER + name, value])))
const faultOf = (action: () => unknown) => {
  try {
    action()
  } catch (error) {
    return error as {
      faultCode: number
      setParameterValuesFaults: { parameterName: string; faultCode: number }[]
    }
  }
  return undefined
}
const paths = (list: readonly { path: string }[]) => list.map(({ path }) => path)

describe('an alias in brackets', () => {
  const RADIO = 'Device.WiFi.Radio.[cpe-2].'

  test('names a row in every request, and is echoed', () => {
    expect(paths(tree.getParameters(`${RADIO}Channel`))).toEqual([`${RADIO}Channel`])
    const ssid = 'Device.WiFi.SSID.[cpe-2].'
    expect(paths(tree.getParameters(`${ssid}Stats.`)).slice(0, 1)).toEqual([`${ssid}Stats.BytesSent`])
    expect(tree.names(RADIO, true)[0]?.name).toBe(`${RADIO}Enable`)
    expect(tree.names(RADIO, false)[0]?.name).toBe(RADIO)
    tree.setAttributes([{ path: `${RADIO}Channel`, notification: 1 }])
    expect(tree.getAttributes(`${RADIO}Channel`)).toMatchObject([
      { path: `${RADIO}Channel`, notification: 1 },
    ])
    set({ [`${RADIO}Enable`]: 'false' })
    expect(tree.get('Device.WiFi.Radio.2.Enable')?.value).toBe('false')
  })

  test('may have dots in it', () => {
    tree.addObject(`${MAPPINGS}[a.b].`, '')

    expect(paths(tree.getParameters(`${MAPPINGS}[a.b].Alias`))).toEqual([`${MAPPINGS}[a.b].Alias`])
  })

  test.each([
    'Device.WiFi.Radio.[cpe-9].',
    'Device.WiFi.[cpe-1].',
    'Device.[cpe-1].',
    'Device.WiFi.Radio.[].',
    'Device.WiFi.Radio.[cpe-1]',
    'Device.WiFi.Radio.[cpe-1].Channel.',
    'Device.WiFi.Radio.[CPE-1].',
    'Device.Hosts.Host.[cpe-1].',
  ])('%s is answered with 9005', (path) => {
    expect(faultOf(() => tree.getParameters(path))?.faultCode).toBe(9005)
  })

  test('means nothing to a device without alias-based addressing', () => {
    tree.setLocally(`${MANAGEMENT_SERVER}AliasBasedAddressing`, 'false')

    expect(faultOf(() => tree.getParameters(RADIO))?.faultCode).toBe(9005)
  })

  test('is what a fault names when the ACS did', () => {
    const fault = faultOf(() => set({ [`${RADIO}Channel`]: '0', [`${RADIO}Nothing`]: '1' }))

    expect(fault?.setParameterValuesFaults).toMatchObject([
      { parameterName: `${RADIO}Channel`, faultCode: 9007 },
      { parameterName: `${RADIO}Nothing`, faultCode: 9005 },
    ])
  })

  test('and a number for the same parameter are an assignment too many', () => {
    const fault = faultOf(() => set({ [`${RADIO}Enable`]: '0', 'Device.WiFi.Radio.2.Enable': '1' }))

    expect(fault).toMatchObject({ faultCode: 9003, setParameterValuesFaults: [] })
    expect(tree.get('Device.WiFi.Radio.2.Enable')?.value).toBe('true')
  })

  test('in a reference is kept as the number', () => {
    set({ 'Device.WiFi.SSID.1.LowerLayers': 'Device.WiFi.Radio.[cpe-2].' })

    expect(tree.get('Device.WiFi.SSID.1.LowerLayers')?.value).toBe('Device.WiFi.Radio.2')
    expect(
      faultOf(() => set({ 'Device.WiFi.SSID.1.LowerLayers': 'Device.WiFi.Radio.[no]' }))
        ?.setParameterValuesFaults,
    ).toMatchObject([{ faultCode: 9007 }])
  })
})

describe('AddObject with an alias', () => {
  test('gives it to the new row, which keeps it', () => {
    const { instanceNumber } = tree.addObject(`${MAPPINGS}[web].`, 'key')

    expect(tree.get(`${MAPPINGS}${instanceNumber}.Alias`)?.value).toBe('web')
    expect(new ParameterTree(device2, store).getParameters(`${MAPPINGS}[web].Alias`)).toMatchObject([
      { value: 'web' },
    ])
    expect(
      faultOf(() => set({ [`${MAPPINGS}[web].Alias`]: 'other' }))?.setParameterValuesFaults,
    ).toMatchObject([{ faultCode: 9008 }])
    tree.deleteObject(`${MAPPINGS}[web].`, '')
    expect(tree.rows(MAPPINGS)).toEqual([])
  })

  test.each([
    [`${MAPPINGS}[web].`, 9003],
    [`${MAPPINGS}[1st].`, 9003],
    [`${MAPPINGS}[${'a'.repeat(65)}].`, 9003],
    ['Device.WiFi.Radio.[mine].', 9005],
    ['Device.NAT.[mine].', 9005],
    ['Device.Nothing.[mine].', 9005],
  ])('to %s is answered with %i', (path, faultCode) => {
    tree.addObject(`${MAPPINGS}[web].`, '')

    expect(faultOf(() => tree.addObject(path, 'key'))?.faultCode).toBe(faultCode)
    expect(tree.rows(MAPPINGS)).toHaveLength(1)
  })

  test('leaves the device to find another when the ACS has taken its next one', () => {
    tree.addObject(`${MAPPINGS}[cpe-2].`, '')

    const { instanceNumber } = tree.addObject(MAPPINGS, '')

    expect(instanceNumber).toBe(2)
    expect(tree.get(`${MAPPINGS}2.Alias`)?.value).toBe('cpe-2-2')
  })
})

describe('AutoCreateInstances', () => {
  const SERVER = 'Device.XMPP.Connection.[main].Server.[first].'

  test('lets SetParameterValues create rows in one commit with their values', () => {
    settings({ AutoCreateInstances: 'true' })
    const commits = store.commits
    const seen: string[] = []
    tree.on('change', ({ path }) => seen.push(path))

    set({ [`${SERVER}Port`]: '5223', 'Device.XMPP.Connection.[main].Username': 'me' })

    expect(store.commits).toBe(commits + 1)
    const again = new ParameterTree(device2, store)
    expect(again.get('Device.XMPP.Connection.1.Server.1.Port')?.value).toBe('5223')
    expect(again.getParameters('Device.XMPP.Connection.[main].Username')).toMatchObject([{ value: 'me' }])
    expect(again.get('Device.XMPP.Connection.1.Server.1.Alias')?.value).toBe('first')
    expect(seen.slice(0, 2)).toEqual(['Device.XMPP.Connection.1.', 'Device.XMPP.Connection.1.Server.1.'])
  })

  test('creates nothing while it is false', () => {
    const fault = faultOf(() => set({ [`${SERVER}Port`]: '5223' }))

    expect(fault?.setParameterValuesFaults).toMatchObject([
      { parameterName: `${SERVER}Port`, faultCode: 9005 },
    ])
    expect(tree.rows('Device.XMPP.Connection.')).toEqual([])
  })

  test.each([
    ['another parameter in error', { [`${SERVER}Port`]: '1', 'Device.DeviceInfo.UpTime': '1' }, 9003],
    ['a parameter that is not there', { [`${SERVER}Nothing`]: '1' }, 9003],
    ['an alias that cannot be', { 'Device.XMPP.Connection.[1].Username': 'x' }, 9003],
    ['a number', { 'Device.XMPP.Connection.7.Username': 'x' }, 9003],
    ['a table that takes no rows', { 'Device.WiFi.Radio.[new].Enable': '1' }, 9003],
  ])('leaves nothing behind after %s', (_why, values, faultCode) => {
    settings({ AutoCreateInstances: 'true' })
    const before = tree.getParameters('')

    expect(faultOf(() => set(values))?.faultCode).toBe(faultCode)

    expect(tree.getParameters('')).toEqual(before)
    expect(new ParameterTree(device2, store).getParameters('')).toEqual(before)
    expect(tree.addObject('Device.XMPP.Connection.', '').instanceNumber).toBe(1)
  })

  test('leaves nothing behind when the disk is full', () => {
    settings({ AutoCreateInstances: 'true' })
    store.failure = new Error('disk full')

    expect(() => set({ [`${SERVER}Port`]: '1' })).toThrow('disk full')

    expect(tree.rows('Device.XMPP.Connection.')).toEqual([])
  })

  test('answers 9004 when the table is full', () => {
    settings({ AutoCreateInstances: 'true' })
    for (let count = 0; count < 8; count++) tree.addObject('Device.XMPP.Connection.', '')

    expect(faultOf(() => set({ [`${SERVER}Port`]: '1' }))).toMatchObject({
      faultCode: 9004,
      setParameterValuesFaults: [],
    })
  })
})

describe('InstanceMode InstanceAlias', () => {
  beforeEach(() => settings({ InstanceMode: 'InstanceAlias' }))

  test('names rows by their aliases below what the ACS has named', () => {
    expect(tree.names('Device.WiFi.Radio.', true).map(({ name }) => name)).toEqual([
      'Device.WiFi.Radio.[cpe-1].',
      'Device.WiFi.Radio.[cpe-2].',
    ])
    const pool = 'Device.DHCPv4.Server.Pool.1.'
    tree.addObject(`${pool}StaticAddress.[printer].`, '')
    expect(paths(tree.getParameters(`${pool}StaticAddress.`))).toContain(
      `${pool}StaticAddress.[printer].Yiaddr`,
    )
    expect(paths(tree.getAttributes('Device.DHCPv4.'))).toContain(
      'Device.DHCPv4.Server.Pool.[cpe-1].StaticAddress.[printer].Yiaddr',
    )
  })

  test('leaves numbers where rows have no alias', () => {
    expect(tree.names('Device.Hosts.Host.', true)[0]?.name).toBe('Device.Hosts.Host.1.')
  })

  test('writes references with aliases, and takes both', () => {
    const path = 'Device.WiFi.SSID.1.LowerLayers'

    expect(tree.getParameters(path)).toMatchObject([{ path, value: 'Device.WiFi.Radio.[cpe-1]' }])
    set({ [path]: 'Device.WiFi.Radio.2' })

    expect(tree.getParameters(path)).toMatchObject([{ value: 'Device.WiFi.Radio.[cpe-2]' }])
  })

  test('names in an Inform are those of the device', () => {
    expect(paths(tree.ownParameters(['Device.WiFi.Radio.1.Channel', 'Device.WiFi.Radio.9.Channel']))).toEqual(
      ['Device.WiFi.Radio.[cpe-1].Channel'],
    )
  })

  test('names what wildcards stand for', () => {
    expect(paths(tree.getParameters('Device.WiFi.Radio.*.Channel'))).toEqual([
      'Device.WiFi.Radio.[cpe-1].Channel',
      'Device.WiFi.Radio.[cpe-2].Channel',
    ])
  })
})

describe('a wildcard', () => {
  test('stands for all instances when something is read', () => {
    expect(paths(tree.getParameters('Device.WiFi.SSID.*.SSID'))).toEqual([
      'Device.WiFi.SSID.1.SSID',
      'Device.WiFi.SSID.2.SSID',
    ])
    expect(tree.names('Device.WiFi.SSID.*.', true).map(({ name }) => name)).toContain(
      'Device.WiFi.SSID.2.Stats.',
    )
    expect(paths(tree.getAttributes('Device.WiFi.SSID.*.Stats.'))).toHaveLength(30)
    expect(paths(tree.getParameters('Device.Hosts.Host.*.IPv4Address.*.IPAddress'))).toEqual([
      'Device.Hosts.Host.1.IPv4Address.1.IPAddress',
      'Device.Hosts.Host.2.IPv4Address.1.IPAddress',
    ])
  })

  test('stands for nothing in a table without rows', () => {
    expect(tree.getParameters(`${MAPPINGS}*.Enable`)).toEqual([])
    expect(tree.names(`${MAPPINGS}*.`, false)).toEqual([])
  })

  test.each([
    'Device.*.',
    'Device.WiFi.*.SSID',
    'Device.WiFi.SSID.*',
    'Device.WiFi.SSID.*.Nothing',
    'Device.WiFi.SSID.*.SSID.',
    'Device.WiFi.SSID.*.Stats',
    'Device.Nothing.*.',
    'Device.DHCPv4.Server.Pool.9.StaticAddress.*.',
    'Device.WiFi.SSID.**.SSID',
    'Device.WiFi.SSID.1*.SSID',
    '*',
    '*.',
  ])('%s is answered with 9005', (path) => {
    expect(faultOf(() => tree.getParameters(path))?.faultCode).toBe(9005)
  })

  test('is answered with 9003 at the next level of a parameter', () => {
    expect(faultOf(() => tree.names('Device.WiFi.SSID.*.SSID', true))?.faultCode).toBe(9003)
  })

  test('means nothing to a device that takes none, and where something is changed', () => {
    const path = 'Device.WiFi.SSID.*.Enable'
    expect(faultOf(() => tree.setAttributes([{ path, notification: 1 }]))?.faultCode).toBe(9005)
    expect(faultOf(() => set({ [path]: '1' }))?.setParameterValuesFaults).toMatchObject([{ faultCode: 9005 }])
    expect(faultOf(() => tree.deleteObject('Device.WiFi.SSID.*.', ''))?.faultCode).toBe(9005)
    expect(faultOf(() => tree.addObject('Device.DHCPv4.Server.Pool.*.StaticAddress.', ''))?.faultCode).toBe(
      9005,
    )

    tree.setLocally(`${MANAGEMENT_SERVER}InstanceWildcardsSupported`, 'false')

    expect(faultOf(() => tree.getParameters(path))?.faultCode).toBe(9005)
  })
})

test('Status is 1 when a new value waits for a restart', () => {
  const path = 'Device.WiFi.Radio.1.RegulatoryDomain'
  const present = tree.get(path)?.value ?? ''
  let restarts = 0
  tree.on('restart', () => restarts++)

  expect(set({ [path]: present }).status).toBe(0)
  expect(restarts).toBe(0)
  expect(set({ [path]: 'FR ' }).status).toBe(1)

  expect(restarts).toBe(1)
  expect(tree.get(path)?.value).toBe('FR ')
})
