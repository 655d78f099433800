import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../acs/acs.ts'
import { buildResponse, parseEnvelope } from '../../cwmp/cwmp.ts'
import type { SoapCase } from './case.ts'
import { assignment } from './requests.ts'
import { confirmed, grown, unchanged } from './wrongs.ts'

const KEY = 'Device.ManagementServer.ParameterKey'
const TIME = 'Device.ManagementServer.PeriodicInformTime'
const granted = {
  envelope: parseEnvelope(Buffer.from(buildResponse('SetParameterValues', { Status: 0 }))),
} as unknown as Exchange
const setTime: SoapCase = {
  rpc: 'SetParameterValues',
  arguments: [
    {
      name: 'ParameterList',
      children: [assignment({ path: TIME, type: 'dateTime' }, '2030-01-02T03:04:05Z')],
    },
    { name: 'ParameterKey', text: 'k' },
  ],
  breakages: [],
}

describe('what was granted', () => {
  test.each(['2030-01-02T03:04:05Z', '2030-01-02T03:04:05.000000Z', '2030-01-02T04:04:05+01:00'])(
    'may be read as %s: it is the same moment',
    (read) => {
      const after = new Map([
        [KEY, 'k'],
        [TIME, read],
      ])
      expect(confirmed(setTime, granted, after, KEY)).toBeUndefined()
    },
  )

  test.each(['2030-01-02T03:04:06Z', '2030-01-02T03:04:05+01:00', '', 'soon'])(
    'may not be read as %s',
    (read) => {
      const after = new Map([
        [KEY, 'k'],
        [TIME, read],
      ])
      expect(confirmed(setTime, granted, after, KEY)).toMatchObject({ kind: 'state', level: 'MUST' })
    },
  )
})

describe('what was refused', () => {
  const before = new Map([
    ['Device.A', '1'],
    ['Device.B', '1'],
  ])

  test('changes nothing', () => {
    expect(unchanged(before, new Map([...before, ['Device.A', '2']]))).toMatchObject({ kind: 'state' })
  })

  test('may meet something granted earlier that comes into force', () => {
    const pending = new Set(['Device.A'])

    expect(unchanged(before, new Map([...before, ['Device.A', '2']]), pending)).toBeUndefined()
    expect(unchanged(before, new Map([...before, ['Device.B', '2']]), pending)).toMatchObject({
      kind: 'state',
    })
  })
})

test('much memory for little is warned of, as no clause says how much is too much', () => {
  expect(grown(100, 200, 1000)).toMatchObject({ kind: 'resources', level: 'SHOULD' })
  expect(grown(100, 200, 1_000_000)).toBeUndefined()
  expect(grown(100, 110, 1000)).toBeUndefined()
})
