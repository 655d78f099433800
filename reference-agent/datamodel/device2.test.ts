import { expect, test } from 'vitest'
import { device2 } from './device2/device2.ts'
import { MemoryStore } from './memory-store.ts'
import { Model } from './model.ts'
import { parametersOf } from './nodes.ts'
import { Rules } from './rules.ts'

/** Empty from the factory although no ACS could set that: keys that nobody chose yet, and what the agent provides itself. */
const EMPTY_FROM_THE_FACTORY = /\.(URL|PreSharedKey|WEPKey|KeyPassphrase)$/

test('every value from the factory is one that its own declaration allows, in canonical form', () => {
  const rules = new Rules()
  const model = new Model(device2, new MemoryStore(), rules)

  const wrong = [...parametersOf(model.top)].flatMap((node) => {
    const value = model.value(node)
    if (value === '' && EMPTY_FROM_THE_FACTORY.test(node.path)) return []
    const isFine =
      rules.canonical(node.definition, value) === value && !rules.violation(node, value, model.surroundings)
    return isFine ? [] : [`${node.path} = ${value}`]
  })

  expect(wrong).toEqual([])
})

test('every new row has values that its own declaration allows', () => {
  const rules = new Rules()
  for (const { path, access } of device2) {
    if (access !== 'readWrite' || path.indexOf('{i}') !== path.lastIndexOf('{i}')) continue
    const model = new Model(device2, new MemoryStore(), rules)
    const table = model.find(path.replace('{i}.', ''))
    if (table?.kind !== 'table') throw new Error(path)
    model.attachRow(table, 900)
    const row = table.children.get('900')
    const wrong = row
      ? [...parametersOf(row)].filter((node) => rules.violation(node, model.value(node), model.surroundings))
      : []

    expect(wrong.map((node) => node.path).filter((each) => !EMPTY_FROM_THE_FACTORY.test(each))).toEqual([])
  }
})

test('unique keys, counted tables and followed parameters name what is declared', () => {
  for (const { path, parameters, uniqueKeys = [], enableParameter, numEntriesParameter } of device2) {
    const named = [
      ...uniqueKeys.flatMap((key) => key.parameters),
      ...(enableParameter ? [enableParameter] : []),
    ]
    const followed = Object.values(parameters).flatMap(({ follows }) => (follows ? [follows.parameter] : []))

    expect([...named, ...followed].filter((name) => !Object.hasOwn(parameters, name))).toEqual([])
    expect(path.endsWith('.{i}.')).toBe(numEntriesParameter !== undefined)
  }
})
