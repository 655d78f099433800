import { describe, expect, test } from 'vitest'
import { leftOut, planRealAcs } from './peers.ts'

const hasCases = async () => true
const here = async () => ({})
const absent = async () => {
  throw Object.assign(new Error('no Docker engine answers'), { name: 'PeerUnavailable' })
}

describe('the suite with a real ACS', () => {
  test.each([
    ['everything', [], here, { isTaken: true }],
    ['everything', [], absent, { isTaken: false, unavailable: 'no Docker engine answers' }],
    ['its name', ['rpc', 'interop'], here, { isTaken: true }],
    ['its name', ['interop'], absent, { isTaken: true, unavailable: 'no Docker engine answers' }],
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
