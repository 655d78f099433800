import { expect, test } from 'vitest'
import { Factory } from './factory.ts'
import { madeUpGrounds } from './made-up-grounds.ts'
import { Values } from './values.ts'

const { name, type } = madeUpGrounds.parameters[0] as (typeof madeUpGrounds.parameters)[number]
const read = (Value: string) => ({ ParameterList: [{ Name: name, Value, type }] })
const attributes = { ParameterList: [] }

test('each reset has to bring what the one before brought', () => {
  const factory = new Factory(new Values(madeUpGrounds))

  const first = factory.judge(read('1'), attributes)
  const same = factory.judge(read('1'), attributes)
  const other = factory.judge(read('0'), attributes)

  expect([first, same]).toEqual([undefined, undefined])
  expect(other).toMatchObject({ kind: 'state' })
})

test('what a user has changed between the reset and the first session is not the maker’s', () => {
  const values = new Values(madeUpGrounds)
  const factory = new Factory(values)
  factory.judge(read('0'), attributes)

  values.forget()
  values.changedLocally(name, '1')
  const changed = factory.judge(read('1'), attributes)
  values.forget()
  const again = factory.judge(read('1'), attributes)

  expect(changed).toBeUndefined()
  expect(again).toBeDefined()
})
