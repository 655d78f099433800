import { expect, test } from 'vitest'
import { tellsChangeOf } from './untold.ts'

const quiet = 'Device.Time.Enable'
const forced = 'Device.DeviceInfo.SoftwareVersion'
const key = 'Device.ManagementServer.ParameterKey'

function value(Name: string, Value: string) {
  return { Name, Value, type: 'xsd:string' }
}

function inform(event: string, ...ParameterList: ReturnType<typeof value>[]) {
  return { Event: [{ EventCode: event, CommandKey: '' }], ParameterList }
}

const known = new Map([value(forced, '1.0'), value(key, 'old')].map((one) => [one.Name, one]))

test('a value change that holds the parameter tells it', () => {
  const told = inform('4 VALUE CHANGE', value(forced, '1.0'), value(quiet, '1'))

  expect(tellsChangeOf({ path: quiet, known }, told)).toBe(true)
})

test('an Inform of another event tells no change, whatever it holds', () => {
  const told = inform('2 PERIODIC', value(forced, '2.0'), value(quiet, '1'))

  expect(tellsChangeOf({ path: quiet, known }, told)).toBe(false)
})

test('a value change that another parameter explains does not tell one that is absent', () => {
  const told = inform('4 VALUE CHANGE', value(forced, '2.0'))

  expect(tellsChangeOf({ path: quiet, known }, told)).toBe(false)
})

test('a value change that nothing else explains tells the parameter, be it there or not', () => {
  const told = inform('4 VALUE CHANGE', value(forced, '1.0'), value(key, 'new'))

  expect(tellsChangeOf({ path: quiet, known }, told)).toBe(true)
  expect(tellsChangeOf({ path: key, known }, told)).toBe(true)
})

test('a parameter of every Inform is told only where no other has changed', () => {
  const told = inform('4 VALUE CHANGE', value(forced, '1.0'), value(key, 'new'), value(quiet, '1'))

  expect(tellsChangeOf({ path: key, known }, told)).toBe(false)
})
