import { expect, test } from 'vitest'
import { changeToldIn, isOpenedFor, tellsChangeOf, tellsChangeTo } from './untold.ts'

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

test('only a value change alone, which nothing else explains, was opened for the parameter', () => {
  const told = value(quiet, '1')
  const coalesced = {
    ...inform('4 VALUE CHANGE', told),
    Event: ['6 CONNECTION REQUEST', '4 VALUE CHANGE'].map((EventCode) => ({ EventCode, CommandKey: '' })),
  }

  expect(isOpenedFor({ path: quiet, known }, inform('4 VALUE CHANGE', value(forced, '1.0'), told))).toBe(true)
  expect(isOpenedFor({ path: quiet, known }, coalesced)).toBe(false)
  expect(isOpenedFor({ path: quiet, known }, inform('4 VALUE CHANGE', value(forced, '2.0'), told))).toBe(
    false,
  )
})

test('a change is told by its event and its value, whichever form a boolean has', () => {
  const asTrue = { Name: quiet, Value: 'true', type: 'xsd:boolean' }

  expect(tellsChangeTo({ path: quiet, value: '1' }, inform('4 VALUE CHANGE', asTrue))).toBe(true)
  expect(tellsChangeTo({ path: quiet, value: '0' }, inform('4 VALUE CHANGE', asTrue))).toBe(false)
  expect(tellsChangeTo({ path: quiet, value: '1' }, inform('2 PERIODIC', asTrue))).toBe(false)
})

test('any of the Informs may tell the change; where none does, the failure says what they told', () => {
  const change = { path: forced, value: '2.0' }
  const before = inform('4 VALUE CHANGE', value(forced, '1.0'))

  expect(() => changeToldIn([before, inform('4 VALUE CHANGE', value(forced, '2.0'))], change)).not.toThrow()
  expect(() => changeToldIn([before, inform('2 PERIODIC')], change)).toThrow(
    `expected an Inform with 4 VALUE CHANGE and ${forced} = 2.0; got 4 VALUE CHANGE with ${forced} = 1.0; then 2 PERIODIC without it`,
  )
})
