import { expect, test } from 'vitest'
import type { RequestOf } from '../cwmp/cwmp.ts'
import type { Asker } from './interview.ts'
import { valuesOf } from './survey.ts'

const refused = {
  faultCode: 9005,
  faultString: '',
  soapFaultCode: 'Client',
  soapFaultString: 'CWMP fault',
  setParameterValuesFaults: [],
  cwmpDetail: true,
}

/** A device that knows these parameters, and what it makes of a request for others, too. */
function device(
  known: readonly string[],
  answer: (names: readonly string[]) => readonly string[] | 'refused',
) {
  const asked: (readonly string[])[] = []
  const call = async (_name: string, { ParameterNames }: RequestOf<'GetParameterValues'>) => {
    asked.push(ParameterNames)
    const isKnown = ParameterNames.every((name) => known.includes(name))
    const given = isKnown ? ParameterNames : answer(ParameterNames)
    if (given === 'refused') return refused
    return { ParameterList: given.map((Name) => ({ Name, Value: `${Name}!`, type: 'xsd:string' })) }
  }
  return { asker: { call } as unknown as Asker, asked }
}

const names = ['Device.A', 'Device.Missing', 'Device.B']

test.each([
  ['refuses them together', () => 'refused' as const],
  ['stops at the first one that it does not know', () => ['Device.A']],
  ['leaves out what it does not know', () => ['Device.A', 'Device.B']],
])('reads what there is from a device that %s', async (_what, answer) => {
  const { asker, asked } = device(['Device.A', 'Device.B'], (some) =>
    some.length > 1 ? answer() : 'refused',
  )

  const values = await valuesOf(asker, names)

  expect(values.map(({ Name }) => Name).toSorted()).toEqual(['Device.A', 'Device.B'])
  expect(asked[0]).toEqual(names)
})

test('asks once where all of it is there', async () => {
  const { asker, asked } = device(names, () => 'refused')

  expect(await valuesOf(asker, names)).toHaveLength(3)
  expect(asked).toEqual([names])
})
