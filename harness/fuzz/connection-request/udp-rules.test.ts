import { expect, test } from 'vitest'
import { udpConnectionRequest } from '../../net/net.ts'
import { udpBreakages } from './udp-breakages.ts'
import { datagramOf, properUdp, valuesOf } from './udp-message.ts'
import { combinedUdp, judgeUdp } from './udp-rules.ts'

const account = { username: 'acs', password: 'secret' }
const to = { address: '127.0.0.1', port: 7547 }
const none = { text: '', values: valuesOf({ ...account, ts: 1 }) }
const open = { effect: 'open', clause: 'syntax' } as const
const ignored = { effect: 'ignored', clause: 'signature' } as const
const advised = { effect: 'heeded', clause: 'capitals', level: 'SHOULD' } as const

test('writes what an ACS sends', () => {
  const { text, values } = datagramOf(properUdp, { ...account, to, ts: 1_700_000_001, last: none })

  const other = udpConnectionRequest({ to, ...account, ts: values.ts, id: values.id, cn: values.cn })
  expect(text).toBe(other.toString().replace(/sig=\w+/, `sig=${values.sig}`))
  expect(other.toString()).toContain(`sig=${values.sig}`)
})

test('signs nothing properly without the password', () => {
  const wrong = datagramOf({ ...properUdp, password: 'wrong' }, { ...account, to, ts: 1, last: none })

  expect(wrong.values.sig).not.toBe(valuesOf({ ...account, ts: 1 }).sig)
})

test('takes the worst of what a message is', () => {
  expect(combinedUdp('right', []).effect).toBe('heeded')
  expect(combinedUdp('right', [open, ignored]).clause).toBe('signature')
  expect(combinedUdp('wrong', [open]).effect).toBe('ignored')
  expect(combinedUdp('right', [advised]).level).toBe('SHOULD')
})

test.each([
  [combinedUdp('right', []), 1],
  [combinedUdp('right', [open]), 0],
  [combinedUdp('right', [open]), 1],
  [combinedUdp('wrong', []), 0],
])('lets %j bring %i sessions', (rule, sessions) => {
  expect(judgeUdp(rule, { sessions, answers: 0 })).toBeUndefined()
})

test.each([
  [combinedUdp('right', []), 0, 0, 'MUST'],
  [combinedUdp('right', []), 2, 0, 'MUST'],
  [combinedUdp('right', [advised]), 0, 0, 'SHOULD'],
  [combinedUdp('wrong', []), 1, 0, 'MUST'],
  [combinedUdp('right', [{ effect: 'better ignored', clause: 'newer' }]), 1, 0, 'SHOULD'],
  [combinedUdp('right', []), 1, 1, 'MUST'],
])('finds fault with %j that brings %i sessions and %i datagrams', (rule, sessions, answers, level) => {
  expect(judgeUdp(rule, { sessions, answers })).toMatchObject({ kind: 'answer', level })
})

test('a field that was changed after it was signed stays so, whatever else is changed', () => {
  const find = (element: string, breakage: string) =>
    udpBreakages.find((each) => each.element === element && each.breakage === breakage)
  const broken = find('ts', 'changed after it was signed')?.change(properUdp, '9')

  const both = find('sig', 'in capitals')?.change(broken ?? properUdp, '') ?? properUdp

  const { values } = datagramOf(both, { ...account, to, ts: 1_700_000_001, last: none })
  expect(values.ts).toBe('9')
  expect(values.sig).toMatch(/^[0-9A-F]{40}$/)
})
