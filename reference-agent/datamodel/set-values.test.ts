import { describe, expect, test } from 'vitest'
import { CwmpFault, SOAP_ENCODING, XSD } from '../soap/soap.ts'
import type { ObjectDefinition, ParameterDefinition } from './definitions.ts'
import { MemoryStore } from './memory-store.ts'
import { ParameterTree } from './parameter-tree.ts'

const PARAMETERS: Record<string, ParameterDefinition> = {
  Text: { type: 'string', access: 'readWrite', length: [[null, 5]] },
  Sizes: {
    type: 'hexBinary',
    access: 'readWrite',
    length: [
      [5, 5],
      [13, 13],
    ],
  },
  Number: {
    type: 'int',
    access: 'readWrite',
    range: [
      [-1, 10],
      [20, null],
    ],
  },
  Big: { type: 'unsignedLong', access: 'readWrite' },
  Flag: { type: 'boolean', access: 'readWrite' },
  When: { type: 'dateTime', access: 'readWrite' },
  Data: { type: 'base64', access: 'readWrite', length: [[null, 3]] },
  Mode: { type: 'string', access: 'readWrite', enumeration: ['A', 'B c'] },
  Pattern: { type: 'string', access: 'readWrite', patterns: ['', '[A-Z]{2}'] },
  Modes: { type: 'string', access: 'readWrite', list: { items: [null, 2] }, enumeration: ['A', 'B c', 'D'] },
  Levels: { type: 'int', access: 'readWrite', list: { length: [null, 8] }, range: [[0, 100]] },
  Supported: { type: 'string', list: {}, default: 'x, y' },
  Chosen: {
    type: 'string',
    access: 'readWrite',
    enumerationRef: { targetParam: 'Supported', nullValue: 'none' },
  },
  Address: { type: 'IPv4Address', access: 'readWrite' },
  Mac: { type: 'MACAddress', access: 'readWrite' },
  Link: { type: 'URL', access: 'readWrite' },
  Row: {
    type: 'string',
    access: 'readWrite',
    pathRef: { refType: 'strong', targetType: 'row', targetParent: ['Device.Table.'] },
  },
  Weak: {
    type: 'string',
    access: 'readWrite',
    pathRef: { refType: 'weak', targetType: 'row', targetParent: ['Device.Table.'] },
  },
  Fixed: { type: 'string', default: 'f' },
}

const MODEL: ObjectDefinition[] = [
  { path: 'Device.', parameters: {} },
  { path: 'Device.ManagementServer.', parameters: { ParameterKey: { type: 'string' } } },
  { path: 'Device.Test.', parameters: PARAMETERS },
  {
    path: 'Device.Table.{i}.',
    access: 'readWrite',
    numEntriesParameter: 'TableNumberOfEntries',
    enableParameter: 'Enable',
    uniqueKeys: [{ parameters: ['Alias'] }, { parameters: ['Host', 'Port'], functional: true }],
    parameters: {
      Enable: { type: 'boolean', access: 'readWrite' },
      Alias: { type: 'Alias', access: 'writeOnceReadOnly', default: 'cpe-{i}' },
      Host: { type: 'string', access: 'readWrite' },
      Port: { type: 'unsignedInt', access: 'readWrite' },
      Upstream: {
        type: 'string',
        access: 'readWrite',
        enumerationRef: { targetParam: '#.Test.Supported' },
      },
    },
    rows: [{}, {}],
  },
]

function newTree(store = new MemoryStore()): ParameterTree {
  return new ParameterTree(MODEL, store)
}

function set(tree: ParameterTree, values: Record<string, string>, key = ''): void {
  const assignments = Object.entries(values).map(([name, value]) => ({
    path: name.startsWith('Device.') ? name : `Device.Test.${name}`,
    value,
  }))
  tree.setValues(assignments, key)
}

function faultsOf(action: () => void): Record<string, number> {
  try {
    action()
  } catch (error) {
    if (!(error instanceof CwmpFault)) throw error
    expect(error.faultCode).toBe(9003)
    return Object.fromEntries(
      error.setParameterValuesFaults.map(({ parameterName, faultCode }) => [
        parameterName.replace(/^Device\.Test\.(?=.)/, ''),
        faultCode,
      ]),
    )
  }
  return {}
}

describe('values', () => {
  test.each([
    ['Text', '12345', '12345'],
    ['Text', '😀😀😀😀😀', '😀😀😀😀😀'],
    ['Sizes', '00aabbccdd', '00AABBCCDD'],
    ['Number', '+020', '20'],
    ['Big', '18446744073709551615', '18446744073709551615'],
    ['Flag', '1', 'true'],
    ['When', '2024-01-01T01:00:00+01:00', '2024-01-01T00:00:00Z'],
    ['Data', 'QUJD', 'QUJD'],
    ['Mode', 'B c', 'B c'],
    ['Pattern', '', ''],
    ['Modes', ' D ,  A ', 'D,A'],
    ['Modes', '', ''],
    ['Levels', '0,100', '0,100'],
    ['Chosen', 'y', 'y'],
    ['Chosen', 'none', 'none'],
    ['Address', '192.0.2.1', '192.0.2.1'],
    ['Mac', '02:00:5e:00:53:01', '02:00:5e:00:53:01'],
    ['Link', 'http://[2001:db8::1]:80/x', 'http://[2001:db8::1]:80/x'],
    ['Row', 'Device.Table.2.', 'Device.Table.2'],
    ['Row', '', ''],
    ['Weak', 'Device.Table.77', 'Device.Table.77'],
    ['Device.Table.1.Upstream', 'x', 'x'],
  ])('%s takes %j and reads back %j', (name, value, readBack) => {
    const tree = newTree()

    set(tree, { [name]: value })

    expect(tree.get(name.startsWith('Device.') ? name : `Device.Test.${name}`)?.value).toBe(readBack)
  })

  test.each([
    ['Text', '123456', 9007],
    ['Sizes', '0011', 9007],
    ['Sizes', '001', 9006],
    ['Number', '11', 9007],
    ['Number', '-2', 9007],
    ['Number', '2147483648', 9006],
    ['Number', 'ten', 9006],
    ['Flag', 'yes', 9006],
    ['When', 'tomorrow', 9006],
    ['Data', 'QUJDRA==', 9007],
    ['Data', 'QUJ', 9006],
    ['Mode', 'a', 9007],
    ['Mode', '', 9007],
    ['Pattern', 'xAB', 9007],
    ['Pattern', 'AB\n', 9007],
    ['Modes', 'A,C', 9007],
    ['Modes', 'A,,D', 9007],
    ['Modes', 'A,B c,D', 9007],
    ['Levels', '1,x', 9007],
    ['Levels', '1,101', 9007],
    ['Levels', '1,2,3,4,5', 9007],
    ['Chosen', 'z', 9007],
    ['Address', '192.0.2.256', 9007],
    ['Address', '::1', 9007],
    ['Mac', '02-00-5E-00-53-01', 9007],
    ['Link', 'not a url', 9007],
    ['Row', 'Device.Table.3', 9007],
    ['Row', 'Device.Test', 9007],
    ['Row', 'Device.Table.', 9007],
    ['Weak', 'Device.Test', 9007],
    ['Fixed', 'x', 9008],
    ['Missing', 'x', 9005],
    ['Device.Test.', 'x', 9005],
    ['Device.TableNumberOfEntries', '3', 9008],
    ['Device.ManagementServer.ParameterKey', 'x', 9008],
  ])('%s refuses %j with %i', (name, value, code) => {
    expect(faultsOf(() => set(newTree(), { [name]: value }))).toEqual({ [name]: code })
  })

  test.each([
    ['Text', XSD, 'string', undefined],
    ['Text', XSD, 'int', 9006],
    ['Text', SOAP_ENCODING, 'string', undefined],
    ['Text', 'urn:other', 'string', 9006],
    ['Text', undefined, 'string', 9006],
    ['Number', XSD, 'int', undefined],
    ['Number', XSD, 'unsignedInt', 9006],
    ['Number', XSD, 'string', 9006],
    ['Data', XSD, 'base64Binary', undefined],
    ['Data', SOAP_ENCODING, 'base64', undefined],
    ['Levels', XSD, 'string', undefined],
    ['Levels', XSD, 'int', 9006],
    ['Mac', XSD, 'string', undefined],
  ])('%s sent as {%s}%s gives %s', (name, uri, type, code) => {
    const values: Record<string, string> = { Number: '1', Data: '', Levels: '1', Mac: '', Text: 't' }
    const path = `Device.Test.${name}`

    const faults = faultsOf(() =>
      newTree().setValues([{ path, value: values[name] ?? '', type: { uri, name: type } }], ''),
    )

    expect(faults).toEqual(code === undefined ? {} : { [name]: code })
  })
})

describe('a transaction', () => {
  test('is all or nothing, with one fault for each parameter in error', () => {
    const store = new MemoryStore()
    const tree = newTree(store)

    const faults = faultsOf(() =>
      set(tree, { Text: 'new', Number: '11', Fixed: 'x', Nothing: '1', Flag: 'maybe' }, 'key'),
    )

    expect(faults).toEqual({ Number: 9007, Fixed: 9008, Nothing: 9005, Flag: 9006 })
    expect(tree.get('Device.Test.Text')?.value).toBe('')
    expect(tree.get('Device.ManagementServer.ParameterKey')?.value).toBe('')
    expect(store.commits).toBe(0)
  })

  test('refuses a parameter that occurs twice, without naming it as in error', () => {
    const tree = newTree()
    const twice = { path: 'Device.Test.Text', value: 'a' }

    expect(() => tree.setValues([twice, twice], '')).toThrow(
      expect.objectContaining({ faultCode: 9003, setParameterValuesFaults: [] }),
    )
  })

  test('stores values and ParameterKey in one commit that a new tree finds again', () => {
    const store = new MemoryStore()

    set(newTree(store), { Text: 'kept', Flag: '1' }, 'key 1')

    expect(store.commits).toBe(1)
    const again = newTree(store)
    expect(again.get('Device.Test.Text')?.value).toBe('kept')
    expect(again.get('Device.ManagementServer.ParameterKey')?.value).toBe('key 1')
  })

  test('changes nothing when the store fails', () => {
    const store = new MemoryStore()
    const tree = newTree(store)
    store.failure = new Error('disk full')

    expect(() => set(tree, { Text: 'lost' }, 'key')).toThrow('disk full')
    expect(tree.get('Device.Test.Text')?.value).toBe('')
    expect(tree.get('Device.ManagementServer.ParameterKey')?.value).toBe('')
  })

  test('tells of each new value once, and not of one that stays', () => {
    const tree = newTree()
    const heard: string[] = []
    tree.on('change', ({ path, cause }) => heard.push(`${cause} ${path}`))

    set(tree, { Text: 'a', Flag: '0' })

    expect(heard).toEqual(['acs Device.Test.Text'])
  })

  test('with nothing to set stores the ParameterKey', () => {
    const tree = newTree()

    expect(tree.setValues([], 'empty')).toEqual({ status: 0 })
    expect(tree.get('Device.ManagementServer.ParameterKey')?.value).toBe('empty')
  })
})

describe('unique keys', () => {
  test('of any row cannot be taken twice', () => {
    expect(faultsOf(() => set(newTree(), { 'Device.Table.1.Alias': 'cpe-2' }))).toEqual({
      'Device.Table.1.Alias': 9007,
    })
  })

  test('may be exchanged within one transaction', () => {
    const tree = newTree()

    set(tree, { 'Device.Table.1.Alias': 'cpe-2', 'Device.Table.2.Alias': 'cpe-1' })

    expect(tree.get('Device.Table.1.Alias')?.value).toBe('cpe-2')
  })

  test('that are functional hold among enabled rows only', () => {
    const tree = newTree()

    set(tree, { 'Device.Table.1.Port': '80', 'Device.Table.2.Port': '80', 'Device.Table.1.Enable': '1' })

    expect(faultsOf(() => set(tree, { 'Device.Table.2.Enable': '1' }))).toEqual({
      'Device.Table.2.Enable': 9007,
    })
    set(tree, { 'Device.Table.2.Enable': '1', 'Device.Table.2.Port': '81' })
  })
})

test('a writeOnceReadOnly parameter can be set once', () => {
  const tree = newTree()
  const isWritable = () => tree.names('Device.Table.1.Alias', false)[0]?.writable

  expect(isWritable()).toBe(true)
  set(tree, { 'Device.Table.1.Alias': 'first' })

  expect(isWritable()).toBe(false)
  expect(faultsOf(() => set(tree, { 'Device.Table.1.Alias': 'second' }))).toEqual({
    'Device.Table.1.Alias': 9008,
  })
})
