import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Cpe } from '../rpc/test-cpe.ts'
import { getParameterValues, valuesOf } from '../tiny-acs.ts'
import { TransferBench } from '../transfer/test-agent.ts'
import { unitFile } from './test-bench.ts'

const UUID = '12345678-1234-5678-9abc-123456789abc'
const UNIT = 'Device.SoftwareModules.DeploymentUnit.1.'

const operation = (type: string, members: Record<string, string>) => {
  const inside = Object.entries(members).map(([name, value]) => `<${name}>${value}</${name}>`)
  return `<Operations xsi:type="cwmp:${type}OpStruct">${inside.join('')}</Operations>`
}
const changeDuState = (operations: string, commandKey = '<CommandKey>key</CommandKey>') =>
  `<cwmp:ChangeDUState>${operations}${commandKey}</cwmp:ChangeDUState>`

describe('with an ACS and a file server', () => {
  let bench: TransferBench

  beforeEach(async () => {
    bench = await TransferBench.open((path) =>
      path === '/unit' ? { body: unitFile({ version: '1.5' }).toString() } : { status: 404 },
    )
  })

  afterEach(() => bench.close())

  test('a unit is installed and reported over the wire', async () => {
    bench.acs.plan = [
      changeDuState(
        operation('Install', { URL: bench.files.url('/unit'), UUID, Username: '', Password: '' }) +
          operation('Uninstall', { UUID: 'nonsense' }),
      ),
    ]
    await bench.start()
    const ordering = await bench.acs.next()
    expect(ordering.answers[0]?.name).toBe('ChangeDUStateResponse')
    bench.acs.plan = [getParameterValues(`${UNIT}Version`, `${UNIT}Status`, `${UNIT}Resolved`)]

    const reporting = await bench.acs.next()

    expect(reporting.events.toSorted()).toEqual(['11 DU STATE CHANGE COMPLETE', 'M ChangeDUState(key)'])
    expect(reporting.calls).toEqual(['DUStateChangeComplete'])
    expect(valuesOf(reporting.answers[0])).toEqual({
      [`${UNIT}Version`]: '1.5',
      [`${UNIT}Status`]: 'Installed',
      [`${UNIT}Resolved`]: 'true',
    })
  })
})

describe('ChangeDUState', () => {
  test.each([
    ['no operation', ''],
    ['an operation without a type', '<Operations><URL>http://files.example/</URL></Operations>'],
    ['an operation of an unknown type', operation('Upgrade', {})],
    ['two URLs', operation('Install', { URL: 'a' }).replace('</URL>', '</URL><URL>b</URL>')],
    ['a password that is too long', operation('Install', { URL: 'a', Password: 'p'.repeat(257) })],
    ['a version that is too long', operation('Uninstall', { UUID, Version: '1'.repeat(33) })],
    [
      'a command key that is too long',
      `${operation('Uninstall', { UUID })}<CommandKey>${'k'.repeat(33)}</CommandKey>`,
    ],
  ])('with %s is 9001', (_, args) => {
    expect(new Cpe().faultCode('ChangeDUState', args)).toBe(9001)
  })
})
