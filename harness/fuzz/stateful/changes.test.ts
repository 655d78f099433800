import { expect, test } from 'vitest'
import type { RequestOf } from '../../cwmp/cwmp.ts'
import { Changes } from './changes.ts'
import { madeUpGrounds } from './made-up-grounds.ts'
import { Values } from './values.ts'

const KEY = 'Device.ManagementServer.ParameterKey'
const values = { [KEY]: 'new', 'Device.Boolean': '0', 'Device.Number': '1', 'Device.Forced': 'x' }

function informWith(code: string, ...names: (keyof typeof values)[]): RequestOf<'Inform'> {
  return {
    DeviceId: { Manufacturer: '', OUI: '000000', ProductClass: '', SerialNumber: '' },
    Event: [{ EventCode: code, CommandKey: '' }],
    MaxEnvelopes: 1,
    CurrentTime: '',
    RetryCount: 0,
    ParameterList: names.map((Name) => ({ Name, Value: values[Name], type: 'xsd:string' })),
  }
}

function changes(): Changes {
  const all = new Changes(new Values(madeUpGrounds))
  all.learnUsual(informWith('2 PERIODIC', 'Device.Forced'))
  return all
}

test('more parameters in an Inform than have to be there are warned of', () => {
  expect(changes().judge(informWith('2 PERIODIC', 'Device.Forced', 'Device.Number'), false)).toMatchObject({
    level: 'SHOULD',
    actual: 'Device.Number = "1" in the Inform',
  })
})

test('a change that was none is a failure', () => {
  expect(
    changes().judge(informWith('4 VALUE CHANGE', 'Device.Forced', 'Device.Number'), false),
  ).toMatchObject({
    level: 'MUST',
  })
})

test('an Inform as it always is has nothing wrong', () => {
  expect(changes().judge(informWith('2 PERIODIC', 'Device.Forced'), false)).toBeUndefined()
})

test.each([
  ['4 VALUE CHANGE', 'MUST'],
  ['2 PERIODIC', undefined],
] as const)('a ParameterKey that the ACS has set is no reason for %s: %s', (code, level) => {
  const all = new Changes(new Values(madeUpGrounds))
  const { ParameterList, ...before } = informWith('2 PERIODIC', KEY)
  all.learnUsual({ ...before, ParameterList: ParameterList.map((each) => ({ ...each, Value: 'old' })) })

  expect(all.judge(informWith(code, KEY), false)?.level).toBe(level)
})
