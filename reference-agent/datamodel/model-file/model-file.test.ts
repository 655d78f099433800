import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ObjectDefinition } from '../definitions.ts'
import { device2 } from '../device2/device2.ts'
import { MemoryStore } from '../memory-store.ts'
import { ParameterTree } from '../parameter-tree.ts'
import { DefinitionError } from '../schema.ts'
import { asBuilt } from './as-built.ts'
import { withFreshRows } from './fresh-rows.ts'
import { loadModelFile, readModel } from './model-file.ts'
import { resolveReference } from './references.ts'

const TYPES = `
  <dataType name="Percent"><unsignedInt><range maxInclusive="100"/></unsignedInt></dataType>
  <dataType name="Half" base="Percent"><range maxInclusive="50"/></dataType>`

function modelOf(objects: string, types = TYPES): string {
  return `<?xml version="1.0"?>
<dm:document xmlns:dm="urn:broadband-forum-org:cwmp:datamodel-1-14">${types}
  <model name="Device:2.99">
    <object name="Device." access="readOnly">
      <parameter name="LineNumberOfEntries" access="readOnly"><syntax><unsignedInt/></syntax></parameter>
    </object>${objects}
  </model>
</dm:document>`
}

function parameter(name: string, syntax: string, attributes = 'access="readWrite"'): string {
  return `<parameter name="${name}" ${attributes}><syntax>${syntax}</syntax></parameter>`
}

function inDevice(parameters: string): ReturnType<typeof readModel>[number]['parameters'] {
  const [, object] = readModel('m.xml', modelOf(`<object name="Device.Line.">${parameters}</object>`))
  return object?.parameters ?? {}
}

test('reads types with their bounds, values and forms', () => {
  const parameters = inDevice(
    parameter('Rate', '<int><range minInclusive="-5" maxInclusive="5"/><range minInclusive="10"/></int>') +
      parameter(
        'Mode',
        '<string><enumeration value="A"/><enumeration value="B"/></string><default type="object" value="B"/>',
      ) +
      parameter('Name', '<string><size minLength="1" maxLength="8"/><pattern value="[a-z\\-]+"/></string>') +
      parameter('Codes', '<list maxItems="3"><size maxLength="20"/></list><dataType ref="Half"/>') +
      parameter('Secret', '<string/>', 'access="readWrite"').replace('<syntax>', '<syntax hidden="true">') +
      parameter(
        'State',
        '<string><enumeration value="None" access="readOnly"/><enumeration value="Go"/></string>',
      ) +
      parameter('Reset', '<boolean/>').replace('<syntax>', '<syntax command="true">') +
      parameter('Gain', '<decimal/>', 'access="readOnly" activeNotify="canDeny"'),
  )

  expect(parameters).toEqual({
    Rate: {
      type: 'int',
      access: 'readWrite',
      range: [
        [-5, 5],
        [10, null],
      ],
    },
    Mode: { type: 'string', access: 'readWrite', enumeration: ['A', 'B'], default: 'B' },
    Name: { type: 'string', access: 'readWrite', length: [[1, 8]], patterns: ['[a-z\\x2d]+'] },
    Codes: {
      type: 'unsignedInt',
      access: 'readWrite',
      range: [[null, 50]],
      list: { length: [null, 20], items: [null, 3] },
    },
    Secret: { type: 'string', access: 'readWrite', hidden: true },
    State: {
      type: 'string',
      access: 'readWrite',
      enumeration: ['None', 'Go'],
      reserved: ['None'],
      trigger: true,
    },
    Reset: { type: 'boolean', access: 'readWrite', hidden: true, trigger: true },
    Gain: { type: 'decimal', activeNotify: 'canDeny' },
  })
})

test('reads a table with its keys, and leaves the count of its rows to it', () => {
  const [root, table] = readModel(
    'm.xml',
    modelOf(`<object name="Device.Line.{i}." access="readWrite" maxEntries="4" numEntriesParameter="LineNumberOfEntries" enableParameter="Enable">
      <uniqueKey functional="false"><parameter ref="Alias"/></uniqueKey><uniqueKey><parameter ref="Name"/></uniqueKey>
      ${parameter('Enable', '<boolean/>')}</object>`),
  )

  expect(root?.parameters).toEqual({})
  expect(table).toEqual({
    path: 'Device.Line.{i}.',
    access: 'readWrite',
    maxEntries: 4,
    numEntriesParameter: 'LineNumberOfEntries',
    enableParameter: 'Enable',
    uniqueKeys: [{ parameters: ['Alias'] }, { parameters: ['Name'], functional: true }],
    parameters: { Enable: { type: 'boolean', access: 'readWrite' } },
  })
})

test('leaves out what is obsoleted or deleted', () => {
  const gone = ['obsoleted', 'deleted'].map((status) => parameter(status, '<int/>', `status="${status}"`))

  expect(Object.keys(inDevice(gone.join('') + parameter('Old', '<int/>', 'status="deprecated"')))).toEqual([
    'Old',
  ])
})

test.each([
  ['.IP.Interface.', undefined, 'Device.IP.Interface.'],
  ['Device.IP.', undefined, 'Device.IP.'],
  ['Radio', undefined, 'Device.WiFi.SSID.{i}.Radio'],
  ['#.Radio.', undefined, 'Device.WiFi.Radio.'],
  ['##.Ethernet.', undefined, 'Device.Ethernet.'],
  ['Ethernet.', 'model', 'Device.Ethernet.'],
  ['Radio', 'object', 'Device.WiFi.SSID.{i}.Radio'],
])('resolves the reference %s with scope %s', (reference, scope, path) => {
  expect(resolveReference(reference, scope, { object: 'Device.WiFi.SSID.{i}.', root: 'Device.' })).toBe(path)
})

test('a table that the ACS cannot fill has a row, wherever the tables around it have one', () => {
  const table = (path: string, rest = {}) => ({ path, parameters: {}, ...rest })
  const rows = withFreshRows([
    table('Device.A.{i}.'),
    table('Device.A.{i}.B.{i}.'),
    table('Device.C.{i}.', { access: 'readWrite' }),
    table('Device.C.{i}.D.{i}.'),
  ]).map((each) => each.rows)

  expect(rows).toEqual([[{ in: [], values: {} }], [{ in: [1], values: {} }], undefined, undefined])
})

test('keeps what this device knows of itself, and rows without what the model does not have', () => {
  const own = [
    {
      path: 'Device.Line.{i}.',
      parameters: { Name: { type: 'string', default: 'x', forcedInform: true }, Extra: { type: 'int' } },
      rows: [{ values: { Name: 'first', Extra: '1' } }],
    },
  ] as const
  const [line] = asBuilt(
    [{ path: 'Device.Line.{i}.', parameters: { Name: { type: 'string', length: [[1, 9]] } } }],
    own,
  )

  expect(line).toEqual({
    path: 'Device.Line.{i}.',
    parameters: { Name: { type: 'string', length: [[1, 9]], default: 'x', forcedInform: true } },
    rows: [{ values: { Name: 'first' } }],
  })
})

test.each([
  ['<model', 'm.xml:1: document must contain a root element'],
  ['<!DOCTYPE a><a/>', 'm.xml:1: no document type is expected'],
  ['<a>\n<b></b>\n</a>', 'm.xml:1: a model element is expected'],
  ['<a>\n<model/>\n</a>', 'm.xml:2: a root object such as Device. is expected'],
  [
    modelOf(`<object name="Device.L.">\n${parameter('P', '<dataType ref="Nix"/>')}</object>`),
    'm.xml:9: the type Nix is not declared',
  ],
  [
    modelOf(`<object name="Device.L.">\n${parameter('P', '<int/>')}\n${parameter('P', '<int/>')}</object>`),
    'm.xml:10: P is declared twice',
  ],
  [
    modelOf(`<object name="Device.L.">\n${parameter('P', '<int><range minInclusive="a"/></int>')}</object>`),
    'm.xml:9: minInclusive is no number',
  ],
  [modelOf('<object name="Device.L.">\n<parameter name="P"/></object>'), 'm.xml:9: P has no syntax element'],
  [
    modelOf(`<object name="Device.L.">\n${parameter('P', '<float/>')}</object>`),
    'm.xml:9: a type is expected in syntax',
  ],
  [
    modelOf(
      `<object name="Device.L.">${parameter('P', '<dataType ref="A"/>')}</object>`,
      '\n<dataType name="A" base="B"/><dataType name="B" base="A"/>',
    ),
    'm.xml:3: the type A is based on itself',
  ],
])('says where a file is wrong: %j', (content, message) => {
  const read = () => readModel('m.xml', content)

  expect(read).toThrow(DefinitionError)
  expect(read).toThrow(message)
})

test('says that a file cannot be read', () => {
  expect(() => loadModelFile('/nowhere/model.xml', [])).toThrow('/nowhere/model.xml: cannot be read')
})

const official = process.env.CWMP_XSD_DIR ?? ''

test.runIf(existsSync(join(official, 'tr-181-2-17-0-cwmp-full.xml')))(
  'holds all of the official TR-181',
  () => {
    const tree = new ParameterTree(
      loadModelFile(join(official, 'tr-181-2-17-0-cwmp-full.xml'), device2),
      new MemoryStore(),
    )

    expect(tree.getParameters('Device.').length).toBeGreaterThan(3000)
    expect(tree.get('Device.DeviceInfo.ProductClass')?.value).toBe('ReferenceCPE')
    expect(tree.get('Device.DSL.Line.1.LineNumber')?.value).toBe('1')
    expect(tree.get('Device.DeviceInfo.ProcessStatus.Process.1.State')?.value).toBe('Running')
  },
)

test.runIf(existsSync(join(official, 'tr-098-1-8-0-full.xml')))('holds all of the official TR-098', () => {
  const tree = new ParameterTree(
    loadModelFile(join(official, 'tr-098-1-8-0-full.xml'), []),
    new MemoryStore(),
  )

  expect(tree.getParameters('InternetGatewayDevice.').length).toBeGreaterThan(900)
})

test('leads references of the device below the root of the model', () => {
  const model: ObjectDefinition[] = [
    { path: 'Old.', parameters: {} },
    {
      path: 'Old.A.{i}.',
      parameters: {
        To: { type: 'string', pathRef: { refType: 'strong', targetType: 'row' } },
        Text: { type: 'string' },
      },
    },
  ]
  const own: ObjectDefinition[] = [
    {
      path: 'Device.A.{i}.',
      parameters: { To: { type: 'string', default: 'Device.A.2' }, Text: { type: 'string' } },
      rows: [{ values: { To: 'Device.A.1,Elsewhere.A.1', Text: 'Device.A.1', Unknown: 'x' } }],
    },
  ]

  const [, table] = asBuilt(model, own)

  expect(table?.parameters.To?.default).toBe('Old.A.2')
  expect(table?.rows).toEqual([{ values: { To: 'Old.A.1,Elsewhere.A.1', Text: 'Device.A.1' } }])
})
