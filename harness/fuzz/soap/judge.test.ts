import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../acs/acs.ts'
import { buildFault, parseEnvelope } from '../../cwmp/cwmp.ts'
import type { SoapCase } from './case.ts'
import { judge } from './judge.ts'
import { expected } from './language.ts'
import type { Said } from './line.ts'

const message = { body: '', ids: [] }
const plain: SoapCase = {
  rpc: 'GetParameterNames',
  arguments: [
    { name: 'ParameterPath', text: 'Device.' },
    { name: 'NextLevel', text: '1' },
  ],
  breakages: [],
}
const broken = (kind: string): SoapCase => ({ ...plain, breakages: [{ kind }] })
const ended = (isRetry: boolean, ...events: string[]): Said => ({ how: 'ended', isRetry, events })

describe('a session that ended', () => {
  const cut = broken('document cut')

  test('with a restart is a crash', () => {
    expect(judge(cut, expected(cut), message, ended(false, '1 BOOT')).wrong).toMatchObject({ kind: 'crash' })
  })

  test('may end with a restart for what was granted with Status 1', () => {
    expect(judge(cut, expected(cut), message, ended(false, '1 BOOT'), true).wrong).toBeUndefined()
    expect(judge(plain, expected(plain), message, ended(false, '1 BOOT'), true).wrong).toMatchObject({
      kind: 'answer',
      actual: 'the session given up as unsuccessful',
    })
  })

  test('never ends with a reset, nor as if it had been successful', () => {
    expect(judge(cut, expected(cut), message, ended(true, '0 BOOTSTRAP'), true).wrong).toMatchObject({
      kind: 'crash',
    })
    expect(
      judge(cut, expected(cut), message, ended(false, '6 CONNECTION REQUEST'), true).wrong,
    ).toMatchObject({
      kind: 'answer',
    })
  })
})

describe('a header that nobody understands', () => {
  const header = broken('unknown header with mustUnderstand 1')
  const fault = (soapCode: string): Said => {
    const xml = buildFault({ code: 9003, string: 'x', soapCode })
    const exchange = { method: 'POST', body: Buffer.from(xml), envelope: parseEnvelope(Buffer.from(xml)) }
    return { how: 'said', exchange: { ...exchange, description: 'a fault' } as unknown as Exchange }
  }

  test('is refused with MustUnderstand, with a cwmp:Fault beside it or not', () => {
    expect(judge(header, expected(header), message, fault('MustUnderstand')).wrong).toBeUndefined()
  })

  test('is not refused as if it were an argument', () => {
    expect(judge(header, expected(header), message, fault('Client')).wrong).toMatchObject({ kind: 'answer' })
  })
})
