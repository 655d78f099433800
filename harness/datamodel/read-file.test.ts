import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DataModelError, readDataModel } from './datamodel.ts'
import { LAMP, lampType, modelFile, modelOf, syntaxOf } from './small-model.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'datamodel-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function written(content: string, name = 'model.xml'): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

const read = (content: string) => readDataModel(written(content))

/** What is said about a file, its folder left out. */
function complaint(content: string): string {
  try {
    read(content)
  } catch (error) {
    expect(error).toBeInstanceOf(DataModelError)
    return (error as DataModelError).message.replaceAll(`${folder}/`, '')
  }
  throw new Error('the file was read')
}

describe('a data model', () => {
  test('has objects with their bounds, keys and counters', () => {
    const { name, kind, objects } = read(LAMP)

    expect({ name, kind, paths: [...objects.keys()] }).toEqual({
      name: 'Lamp:1.2',
      kind: 'model',
      paths: ['Device.', 'Device.Lamp.', 'Device.Lamp.Shade.{i}.'],
    })
    expect(objects.get('Device.Lamp.')).toMatchObject({ creates: false, minEntries: 0, maxEntries: 1 })
    expect(objects.get('Device.Lamp.Shade.{i}.')).toMatchObject({
      creates: true,
      deletes: true,
      maxEntries: Number.POSITIVE_INFINITY,
      numEntriesParameter: 'ShadeNumberOfEntries',
      enableParameter: 'Enable',
      uniqueKeys: [
        { functional: false, parameters: ['Alias'] },
        { functional: true, parameters: ['Colour', 'Size'] },
      ],
    })
  })

  test('has parameters with access, notification, default and what their values may be', () => {
    const { parameters } = read(LAMP)

    const of = (name: string) => parameters.get(`Device.Lamp.${name}`)
    expect(parameters.get('Device.Name')).toMatchObject({ activeNotify: 'forceEnabled', forcedInform: true })
    expect(of('On')).toMatchObject({ access: 'readWrite', default: { type: 'factory', value: 'false' } })
    expect(of('Level')?.syntax).toMatchObject({
      base: 'unsignedInt',
      ranges: [
        { min: 1n, max: 100n },
        { min: 255n, max: 255n },
      ],
      units: 'percent',
    })
    expect(of('Modes')?.syntax).toMatchObject({
      list: { minItems: 1, maxItems: 3, sizes: [{ max: 32n }] },
      enumeration: [
        { value: 'Steady', access: 'readWrite', optional: false },
        { value: 'Dim', optional: true },
        { value: 'Broken', access: 'readOnly' },
      ],
    })
    expect(of('Mode')?.syntax.enumerationRef).toEqual({ targetParam: 'Modes', nullValue: 'None' })
    expect(of('Old')).toMatchObject({ status: 'deprecated', access: 'readOnly' })
    expect(of('Shade.{i}.Alias')?.access).toBe('writeOnceReadOnly')
    expect(of('Shade.{i}.Next')?.syntax.pathRef).toEqual({
      refType: 'strong',
      targetType: 'row',
      targetParents: ['#.Shade.'],
    })
  })

  test('hides what is hidden or secured, and knows commands', () => {
    const { parameters } = read(LAMP)

    const names = (which: 'hidden' | 'command') =>
      [...parameters.values()].filter((parameter) => parameter[which]).map(({ name }) => name)
    expect({ hidden: names('hidden'), command: names('command') }).toEqual({
      hidden: ['Key', 'Pin'],
      command: ['Blink'],
    })
  })

  test('narrows a named type from step to step', () => {
    const { parameters } = read(LAMP)

    const shade = (name: string) => parameters.get(`Device.Lamp.Shade.{i}.${name}`)?.syntax
    expect(shade('Alias')).toMatchObject({ base: 'string', typeName: 'Handle', sizes: [{ max: 64n }] })
    expect(shade('Colour')).toMatchObject({ sizes: [{ max: 8n }], patterns: ['', '[a-z]+'] })
    expect(shade('Size')).toMatchObject({ sizes: [{ max: 4n }], patterns: ['', '[a-z]+'] })
  })

  test('has profiles with what those that they extend require', () => {
    const shades = read(LAMP).profiles.get('Shades:1')

    expect([...(shades?.parameters ?? [])]).toEqual([
      ['Device.Lamp.On', 'readWrite'],
      ['Device.Lamp.Shade.{i}.Colour', 'readWrite'],
    ])
    expect(shades?.objects.get('Device.Lamp.Shade.{i}.')).toBe('createDelete')
  })

  test('may put white space around names, as XML Schema allows', () => {
    const { parameters } = read(
      modelOf('<parameter name=" It " access="readOnly"><syntax><int/></syntax></parameter>'),
    )

    expect([...parameters.keys()]).toEqual(['It'])
  })
})

describe('a device type', () => {
  const readType = (content: string) => {
    written(LAMP, 'lamp.xml')
    return readDataModel(written(lampType(content), 'type.xml'))
  }

  test('is the part of the model that it names, with its own access, bounds and default', () => {
    const model =
      readType(`<object ref="Device.Lamp.Shade.{i}." access="create" minEntries="0" maxEntries="4">
      <parameter ref="Colour" access="readOnly"/></object>
      <object ref="Device.Lamp." access="readOnly" minEntries="1" maxEntries="1"><annotation>ours</annotation>
      <parameter ref="Level" access="readWrite" activeNotify="willDeny"><syntax><unsignedInt><range maxInclusive="10"/></unsignedInt><default type="factory" value="3"/></syntax></parameter></object>`)

    expect({ kind: model.kind, name: model.name, paths: [...model.parameters.keys()] }).toEqual({
      kind: 'deviceType',
      name: 'Lamp:1.2',
      paths: ['Device.Lamp.Shade.{i}.Colour', 'Device.Lamp.Level'],
    })
    expect(model.objects.get('Device.Lamp.Shade.{i}.')).toMatchObject({
      creates: true,
      deletes: false,
      maxEntries: 4,
      numEntriesParameter: 'ShadeNumberOfEntries',
    })
    const level = model.parameters.get('Device.Lamp.Level')
    expect(level).toMatchObject({ activeNotify: 'canDeny', default: { value: '3' } })
    expect(level?.syntax).toMatchObject({ ranges: [{ max: 10n }], units: 'percent' })
    const colour = model.parameters.get('Device.Lamp.Shade.{i}.Colour')
    expect(colour).toMatchObject({ access: 'readOnly', syntax: { patterns: ['', '[a-z]+'] } })
  })

  test('finds the model in a library, too, under its name with -full', () => {
    const library = mkdtempSync(join(folder, 'library-'))
    writeFileSync(join(library, 'lamp-full.xml'), LAMP)
    const file = written(lampType('<object ref="Device." access="readOnly" minEntries="1" maxEntries="1"/>'))

    expect([...readDataModel(file, [library]).objects.keys()]).toEqual(['Device.'])
  })

  test.each([
    ['a model that is nowhere', lampType(''), /^model\.xml:1: lamp\.xml is not in /],
    [
      'a model that it does not import',
      lampType('', 'Stove:1.0'),
      'model.xml:2: the file does not import the model Stove:1.0',
    ],
  ])('names %s', (_what, content, message) => {
    expect(complaint(content)).toMatch(message)
  })

  test.each([
    [
      'an object',
      '<object ref="Device.Stove." access="readOnly" minEntries="1" maxEntries="1"/>',
      'no object Device.Stove.',
    ],
    [
      'a parameter',
      '<object ref="Device.Lamp." access="readOnly" minEntries="1" maxEntries="1"><parameter ref="Heat" access="readOnly"/></object>',
      'no parameter Device.Lamp.Heat',
    ],
  ])('names %s that the model does not define', (_what, content, message) => {
    written(LAMP, 'lamp.xml')

    expect(complaint(lampType(content))).toBe(`model.xml:3: Lamp:1.2 has ${message}`)
  })
})

describe('a file that cannot be used is named with line and reason', () => {
  const object = (inside: string) =>
    modelOf(`<object name="Device." access="readOnly" minEntries="1" maxEntries="1">\n${inside}\n</object>`)
  const parameter = (attributes: string, syntax = '<syntax><int/></syntax>') =>
    object(`<parameter ${attributes}>${syntax}</parameter>`)

  test.each([
    ['no XML', 'Device.Lamp.On boolean', /^model\.xml:1: /],
    ['an end tag of another element', modelFile('<model name="A:1.0">\n</mode>'), /^model\.xml:3: /],
    ['an end that is missing', '<dm:document>\n<model>', /^model\.xml:\d+: /],
    [
      'another document',
      '<html xmlns="http://www.w3.org/1999/xhtml"/>',
      /:1: a data model .* is expected, not <html>/,
    ],
    ['no model', modelFile(''), 'model.xml:1: the file has no <model>'],
    [
      'a component',
      modelFile('<component name="A"/><model name="A:1.0"/>'),
      /^model\.xml:2: <component>: a model that is whole/,
    ],
    [
      'an import',
      modelFile('<import file="a.xml"/><model name="A:1.0"/>'),
      /^model\.xml:2: <import>: a model that is whole/,
    ],
    [
      'an extension',
      modelFile('<model name="A:1.1" base="A:1.0"/>'),
      /^model\.xml:2: the model extends A:1\.0/,
    ],
    [
      'an object without dot',
      modelOf('<object name="Device" access="readOnly"/>'),
      /:3: the name of an object ends with a dot/,
    ],
    [
      'an object twice',
      modelOf('<object name="A."/>\n<object name="A."/>'),
      'model.xml:4: there are two objects A.',
    ],
    [
      'bounds upside down',
      modelOf('<object name="A.{i}." minEntries="2" maxEntries="1"/>'),
      /:3: minEntries 2 is above maxEntries 1/,
    ],
    [
      'an unknown access',
      modelOf('<object name="A." access="write"/>'),
      /:3: access is one of readOnly, readWrite, not "write"/,
    ],
    ['a parameter without name', parameter('access="readOnly"'), 'model.xml:4: <parameter> has no name'],
    [
      'a parameter twice',
      object('<parameter name="A"><syntax><int/></syntax></parameter>\n<parameter name="A"/>'),
      'model.xml:5: there are two parameters Device.A',
    ],
    [
      'a parameter without syntax',
      parameter('name="A"', ''),
      'model.xml:4: parameter Device.A has no <syntax>',
    ],
    ['no data type', syntaxOf('<text/>'), 'model.xml:5: <syntax> names no data type'],
    [
      'an unknown data type',
      syntaxOf('<dataType ref="Colour"/>'),
      'model.xml:5: there is no data type Colour',
    ],
    [
      'a data type of itself',
      syntaxOf('<int/>', '<dataType name="A" base="B"/><dataType name="B" base="A"/>'),
      /:2: data type A is based on itself/,
    ],
    [
      'a range upside down',
      syntaxOf('<int><range minInclusive="2" maxInclusive="1"/></int>'),
      /:5: minInclusive 2 is above maxInclusive 1/,
    ],
    [
      'a bound that is no number',
      syntaxOf('<int><range minInclusive="two"/></int>'),
      'model.xml:5: minInclusive is a number, not "two"',
    ],
    [
      'an impossible pattern',
      syntaxOf('<string><pattern value="("/></string>'),
      'model.xml:5: value is a regular expression, not "("',
    ],
    [
      'a profile of nothing',
      modelOf('<profile name="A:1" extends="B:1"/>'),
      'model.xml:3: there is no profile B:1',
    ],
    [
      'a key of nothing',
      modelOf('<object name="A.{i}."><uniqueKey/></object>'),
      /:3: a unique key names at least one parameter/,
    ],
  ])('%s', (_what, content, message) => {
    expect(complaint(content)).toMatch(message)
  })

  test('a file that is not there', () => {
    expect(() => readDataModel(join(folder, 'none.xml'))).toThrow('none.xml: no such file')
  })

  test('elements inside each other without end', () => {
    expect(complaint(modelOf('<object name="A.">'.repeat(100_000)))).toMatch(/more than 32 deep/)
  })

  test('entities that multiply are no entities', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>\n<a x="&c;"/>'

    expect(complaint(bomb)).toMatch(/^model\.xml:2: /)
  })
})

const officialDir = process.env.CWMP_XSD_DIR

describe.skipIf(!officialDir)('the official files', () => {
  const official = (name: string) => readDataModel(join(officialDir ?? '', name))

  test('Device:2.17 is read whole', () => {
    const { name, objects, parameters, profiles } = official('tr-181-2-17-0-cwmp-full.xml')

    expect({ name, objects: objects.size }).toEqual({ name: 'Device:2.17', objects: 790 })
    expect(parameters.size).toBeGreaterThan(6000)
    expect(parameters.get('Device.ManagementServer.CWMPRetryIntervalMultiplier')?.syntax.ranges).toEqual([
      { min: 1000n, max: 65535n },
    ])
    expect([...parameters.values()].filter(({ hidden }) => hidden)).toHaveLength(43)
    expect([...parameters.values()].filter(({ command }) => command)).toHaveLength(25)
    expect(profiles.get('Baseline:3')?.parameters.size ?? 0).toBeGreaterThan(10)
  })

  test('InternetGatewayDevice:1.14 is read, too', () => {
    const { name, parameters } = official('tr-098-1-8-0-full.xml')

    expect(name).toBe('InternetGatewayDevice:1.14')
    expect(
      parameters.get('InternetGatewayDevice.ManagementServer.PeriodicInformInterval')?.syntax,
    ).toMatchObject({
      base: 'unsignedInt',
      ranges: [{ min: 1n }],
    })
  })

  test('a file that needs others is refused with the reason', () => {
    expect(() => official('tr-143-1-1-0.xml')).toThrow(/a model that is whole in itself is expected/)
  })
})
