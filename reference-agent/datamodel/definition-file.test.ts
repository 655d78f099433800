import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadObjectDefinitions } from './definition-file.ts'
import { device2 } from './device2/device2.ts'
import { MemoryStore } from './memory-store.ts'
import { ParameterTree } from './parameter-tree.ts'
import { DefinitionError } from './schema.ts'

const directory = mkdtempSync(join(tmpdir(), 'definitions-'))
afterAll(() => rmSync(directory, { recursive: true }))

function fileWith(content: unknown): string {
  const file = join(directory, 'model.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

function treeWith(content: unknown): ParameterTree {
  return new ParameterTree([...device2, ...loadObjectDefinitions(fileWith(content))], new MemoryStore())
}

const TABLE = {
  path: 'Device.X_EXAMPLE_Table.{i}.',
  numEntriesParameter: 'X_EXAMPLE_TableNumberOfEntries',
  parameters: {
    Text: { type: 'string', access: 'readWrite', default: 'row {i}' },
    Level: { type: 'int', range: [[0, 9]] },
  },
}

test('a file extends the model by ten thousand parameters', () => {
  const tree = treeWith([{ ...TABLE, rows: Array.from({ length: 5000 }, () => ({})) }])

  expect(tree.getParameters('Device.X_EXAMPLE_Table.')).toHaveLength(10_000)
  expect(tree.get('Device.X_EXAMPLE_Table.5000.Text')?.value).toBe('row 5000')
  expect(tree.get('Device.X_EXAMPLE_TableNumberOfEntries')?.value).toBe('5000')
})

test.each([
  ['no JSON', '{', 'JSON is expected'],
  ['an object', {}, 'file: '],
  ['an unknown key', [{ ...TABLE, colour: 'red' }], 'colour'],
  ['an unknown type', [{ path: 'Device.X.', parameters: { A: { type: 'float' } } }], '0.parameters.A.type: '],
  [
    'a bad pattern',
    [{ path: 'Device.X.', parameters: { A: { type: 'string', patterns: ['('] } } }],
    'regular expression',
  ],
])('%s is refused in one line that says where', (_what, content, message) => {
  const file = fileWith(content)

  expect(() => loadObjectDefinitions(file)).toThrow(DefinitionError)
  expect(() => loadObjectDefinitions(file)).toThrow(
    new RegExp(`^${file}:\\d+: .*${message.replaceAll('.', '\\.')}`),
  )
})

test('a missing file is refused', () => {
  expect(() => loadObjectDefinitions(join(directory, 'none.json'))).toThrow(/none\.json: cannot be read/)
})

test.each([
  ['without a parent', [{ path: 'Device.A.B.', parameters: {} }], 'parent'],
  ['declared twice', [{ path: 'Device.WiFi.', parameters: {} }], 'twice'],
  ['without a final dot', [{ path: 'Device.A', parameters: {} }], 'no object path'],
  ['in a table but not in a row', [TABLE, { path: 'Device.X_EXAMPLE_Table.B.', parameters: {} }], 'parent'],
  ['with rows of an unknown parameter', [{ ...TABLE, rows: [{ values: { Colour: 'red' } }] }], 'Colour'],
  ['with rows that are no table', [{ path: 'Device.A.', parameters: {}, rows: [{}] }], 'only tables'],
  ['with a number twice', [{ ...TABLE, rows: [{ number: 2 }, { number: 2 }] }], 'ascend'],
  [
    'with a parameter name that is none',
    [{ path: 'Device.A.', parameters: { 'B c': { type: 'int' } } }],
    'B c',
  ],
])('an object %s is refused', (_what, content, message) => {
  expect(() => treeWith(content)).toThrow(DefinitionError)
  expect(() => treeWith(content)).toThrow(message)
})
