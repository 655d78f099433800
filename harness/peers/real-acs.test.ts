import { describe, expect, test } from 'vitest'
import { checkEngineIsHere } from '../../containers/reach.ts'
import { allLeftOut, leftOut, planRealAcs } from './peers.ts'

const hasCases = async () => true
const here = async () => ({})
const absent = async () => {
  throw Object.assign(new Error('no Docker engine answers'), { name: 'PeerUnavailable' })
}
const remote = () => checkEngineIsHere({ client: { info: { containerRuntime: { host: '192.0.2.7' } } } })
const isRemote = expect.stringContaining('is on another machine')

describe('the suite with a real ACS', () => {
  test.each([
    ['everything', [], here, { isTaken: true }],
    ['everything', [], absent, { isTaken: false, unavailable: 'no Docker engine answers' }],
    ['its name', ['rpc', 'interop'], here, { isTaken: true }],
    ['its name', ['interop'], absent, { isTaken: true, unavailable: 'no Docker engine answers' }],
    ['everything', [], remote, { isTaken: false, unavailable: isRemote }],
    ['its name', ['interop'], remote, { isTaken: true, unavailable: isRemote }],
    ['another', ['rpc'], here, { isTaken: false }],
  ])('asked for %s %o with %o: %o', async (_asked, suites, prepare, plan) => {
    expect(await planRealAcs({ suites, hasCases }, prepare)).toEqual(plan)
  })

  test('is looked for by nobody who asks for cases of other suites', async () => {
    const never = async () => Promise.reject(new Error('asked for'))

    expect(await planRealAcs({ suites: [], hasCases: async () => false }, never)).toEqual({ isTaken: false })
  })

  test('does not hide a mistake of its own', async () => {
    const mistake = async () => Promise.reject(new TypeError('no such property'))

    await expect(planRealAcs({ suites: [], hasCases }, mistake)).rejects.toThrow(TypeError)
  })

  test('says in one line what is missing', () => {
    expect(leftOut('no Docker engine answers')).toMatch(
      /^interop is not selected: no Docker engine answers; .*docker\.io.*$/,
    )
  })
})

describe('what a run goes without', () => {
  const plan = { suites: {}, words: '' }
  const withoutProsody = { suite: 'xmpp@prosody', reason: 'no image of Prosody' }

  test.each([
    ['nothing', { isTaken: true }, plan, []],
    ['nothing that was not asked for', { isTaken: false }, plan, []],
    ['nothing that was asked for by name', { isTaken: true, unavailable: 'no engine' }, plan, []],
    [
      'the suite that it cannot have',
      { isTaken: false, unavailable: 'no engine' },
      plan,
      [{ suite: 'interop', reason: 'no engine' }],
    ],
    [
      'the cases whose real peer it cannot have',
      { isTaken: true },
      { ...plan, leftOut: [withoutProsody] },
      [withoutProsody],
    ],
  ])('is %s', (_what, realAcs, peers, expected) => {
    expect(allLeftOut(realAcs, peers)).toEqual(expected)
  })
})
