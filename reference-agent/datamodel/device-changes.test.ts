import { beforeEach, describe, expect, test } from 'vitest'
import type { ObjectDefinition } from './definitions.ts'
import { MemoryStore } from './memory-store.ts'
import { type ParameterChange, ParameterTree } from './parameter-tree.ts'

const MODEL: ObjectDefinition[] = [
  { path: 'Device.', parameters: {} },
  { path: 'Device.ManagementServer.', parameters: { ParameterKey: { type: 'string' } } },
  {
    path: 'Device.Test.',
    parameters: {
      State: {
        type: 'string',
        access: 'readWrite',
        enumeration: ['Requested', 'None', 'Complete'],
        reserved: ['None', 'Complete'],
        trigger: true,
        default: 'None',
      },
      Size: { type: 'unsignedInt', access: 'readWrite', default: '1' },
      Limit: { type: 'unsignedInt', access: 'readWrite', default: '10' },
      Count: { type: 'unsignedInt', default: '7' },
      Moment: { type: 'dateTime' },
      First: { type: 'string', pathRef: { refType: 'strong', targetType: 'row' } },
    },
  },
  {
    path: 'Device.Test.Result.{i}.',
    numEntriesParameter: 'ResultNumberOfEntries',
    parameters: { Value: { type: 'unsignedInt' }, Text: { type: 'string', default: 'r{i}' } },
  },
]
const TEST = 'Device.Test.'
const RESULT = 'Device.Test.Result.'

let store: MemoryStore
let tree: ParameterTree
let changes: ParameterChange[]

beforeEach(() => {
  store = new MemoryStore()
  tree = new ParameterTree(MODEL, store)
  changes = []
  tree.on('change', (change) => changes.push(change))
})

const set = (values: Record<string, string>) =>
  tree.setValues(
    Object.entries(values).map(([name, value]) => ({ path: TEST + name, value })),
    '',
  )
const value = (name: string) => tree.get(TEST + name)?.value

test('a reserved value is for the device alone', () => {
  expect(() => set({ State: 'Complete' })).toThrow('9003')
  expect(() => set({ State: 'Requested' })).not.toThrow()

  tree.setLocally(`${TEST}State`, 'Complete')

  expect(value('State')).toBe('Complete')
})

test('a trigger acts at each write, another parameter only when its value is new', () => {
  set({ State: 'Requested', Size: '1' })
  set({ State: 'Requested', Size: '2' })

  expect(changes.map(({ path, together }) => [path, together])).toEqual([
    [`${TEST}State`, [`${TEST}State`]],
    [`${TEST}State`, [`${TEST}State`, `${TEST}Size`]],
    [`${TEST}Size`, [`${TEST}State`, `${TEST}Size`]],
  ])
})

describe('a guard', () => {
  beforeEach(() =>
    tree.guard(`${TEST}Size`, (size, after) =>
      Number(size) > Number(after(`${TEST}Limit`)) ? 'over the limit' : undefined,
    ),
  )

  test('refuses a value with 9007 in the light of all others, those of the same transaction included', () => {
    expect(() => set({ Size: '11' })).toThrow(
      expect.objectContaining({
        setParameterValuesFaults: [
          {
            parameterName: `${TEST}Size`,
            faultCode: 9007,
            faultString: 'Invalid parameter value: over the limit',
          },
        ],
      }),
    )
    expect(value('Size')).toBe('1')
    set({ Limit: '20', Size: '11' })
    expect(value('Size')).toBe('11')
  })

  test('does not bind the device, and can be taken away', () => {
    tree.setLocally(`${TEST}Size`, '99')
    expect(value('Size')).toBe('99')

    tree.guard(`${TEST}Size`, undefined)
    set({ Size: '98' })
    expect(value('Size')).toBe('98')
  })
})

describe('several local changes', () => {
  test('are one commit', () => {
    const before = store.commits

    tree.setAllLocally({ [`${TEST}Count`]: '8', [`${TEST}Size`]: '2', [`${TEST}Limit`]: '10' })

    expect(store.commits).toBe(before + 1)
    expect(changes.map(({ path, cause }) => [path, cause])).toEqual([
      [`${TEST}Count`, 'local'],
      [`${TEST}Size`, 'local'],
    ])
  })

  test('are all refused for one that is wrong', () => {
    expect(() => tree.setAllLocally({ [`${TEST}Count`]: '8', [`${TEST}Size`]: 'many' })).toThrow('9006')
    expect(value('Count')).toBe('7')
  })
})

test('the device keeps the precision of its times', () => {
  tree.setLocally(`${TEST}Moment`, '2026-03-01T12:00:00.120000Z')

  expect(value('Moment')).toBe('2026-03-01T12:00:00.120000Z')
  expect(() => tree.setLocally(`${TEST}Moment`, 'noon')).toThrow('9006')
})

describe('rows of the device', () => {
  test('come with their values in one commit, are counted, and survive', () => {
    const before = store.commits

    expect(tree.addRowLocally(RESULT, { Value: '5' })).toBe(1)

    expect(store.commits).toBe(before + 1)
    const together = [`${RESULT}1.`, `${TEST}ResultNumberOfEntries`]
    expect(changes).toEqual(together.map((path) => ({ path, cause: 'local', together })))
    const again = new ParameterTree(MODEL, store)
    expect(again.get(`${RESULT}1.Value`)?.value).toBe('5')
    expect(again.get(`${RESULT}1.Text`)?.value).toBe('r1')
    expect(again.get(`${TEST}ResultNumberOfEntries`)?.value).toBe('1')
    expect(again.rows(RESULT)).toEqual([`${RESULT}1.`])
  })

  test('are there wholly or not at all', () => {
    expect(() => tree.addRowLocally(RESULT, { Value: 'x' })).toThrow('9006')
    expect(() => tree.addRowLocally(RESULT, { Nothing: 'x' })).toThrow('9005')
    expect(() => tree.addRowLocally('Device.Nowhere.')).toThrow('9005')
    expect(() => tree.addRowLocally(TEST)).toThrow('9005')

    expect(tree.rows(RESULT)).toEqual([])
    expect(tree.rows('Device.Nowhere.')).toEqual([])
    expect(changes).toEqual([])
  })

  test('go with everything that refers to them, and their numbers are not used again', () => {
    tree.addRowLocally(RESULT)
    tree.addRowLocally(RESULT)
    tree.setLocally(`${TEST}First`, `${RESULT}2`)

    tree.deleteRowLocally(`${RESULT}2.`)

    expect(value('First')).toBe('')
    expect(tree.rows(RESULT)).toEqual([`${RESULT}1.`])
    expect(tree.addRowLocally(RESULT)).toBe(3)
    expect(() => tree.deleteRowLocally(`${RESULT}2.`)).toThrow('9005')
  })

  test('change the number of entries, which is reported where that is asked for', () => {
    tree.setAttributes([{ path: `${TEST}ResultNumberOfEntries`, notification: 2 }])
    const pending = () => tree.pendingChanges().map(({ path }) => path)

    tree.addRowLocally(RESULT)
    expect(pending()).toEqual([`${TEST}ResultNumberOfEntries`])
    tree.acknowledgeChanges(tree.pendingChanges())
    expect(pending()).toEqual([])
    tree.deleteRowLocally(`${RESULT}1.`)

    expect(pending()).toEqual([`${TEST}ResultNumberOfEntries`])
  })

  test('cannot be made by the ACS', () => {
    expect(() => tree.addObject(RESULT, '')).toThrow('9005')
    tree.addRowLocally(RESULT)
    expect(() => tree.deleteObject(`${RESULT}1.`, '')).toThrow('9005')
  })
})

test('clearing an object takes back what the device wrote and leaves what others chose', () => {
  tree.setAllLocally({ [`${TEST}Count`]: '8', [`${TEST}Size`]: '2', [`${TEST}State`]: 'Complete' })
  tree.addRowLocally(RESULT)

  tree.clearLocally(TEST)

  expect([value('Count'), value('Size'), value('State'), value('ResultNumberOfEntries')]).toEqual([
    '7',
    '2',
    'Complete',
    '0',
  ])
  expect(changes.slice(-3).map(({ path }) => path)).toEqual([
    `${RESULT}1.`,
    `${TEST}ResultNumberOfEntries`,
    `${TEST}Count`,
  ])
  expect(() => tree.clearLocally('Device.Nowhere.')).toThrow('9005')
})
