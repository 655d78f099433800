import { describe, expect, test, vi } from 'vitest'
import type { AcsSession } from '../acs/acs.ts'
import { ConformanceFailure, DeviceSilent, HarnessError } from '../failure.ts'
import { Interview } from './interview.ts'

/** A session whose calls come to that. */
function session(outcome: (name: string) => unknown): AcsSession {
  const call = async (name: string) => {
    const it = outcome(name)
    if (it instanceof Error) throw it
    return it
  }
  return { call, end: async () => outcome('end'), abort: vi.fn() } as unknown as AcsSession
}

const methods = { MethodList: ['GetRPCMethods'] }
const emptyPost = new ConformanceFailure('GetRPCMethodsResponse', 'an empty POST')

describe('a device that answers wrongly', () => {
  test('is asked the next question in another session, and what it did is kept', async () => {
    const sound = session(() => methods)
    const interview = new Interview(
      session(() => emptyPost),
      async () => sound,
    )

    expect(await interview.call('GetRPCMethods', {})).toMatchObject({ faultCode: 0, cwmpDetail: false })
    expect(await interview.call('GetRPCMethods', {})).toBe(methods)
    expect([...interview.failures]).toEqual([
      ['GetRPCMethods', 'expected GetRPCMethodsResponse; got an empty POST'],
    ])
  })

  test('is asked the same thing three times at most', async () => {
    const reopen = vi.fn(async () => broken)
    const broken = session((name) => (name === 'GetRPCMethods' ? emptyPost : { ParameterList: [] }))
    const interview = new Interview(broken, reopen)

    for (let times = 0; times < 5; times++) await interview.call('GetRPCMethods', {})

    expect(reopen).toHaveBeenCalledTimes(3)
    expect(await interview.call('GetParameterValues', { ParameterNames: ['Device.'] })).toEqual({
      ParameterList: [],
    })
  })

  test('ends the interview by not coming back', async () => {
    const interview = new Interview(
      session(() => emptyPost),
      async () => {
        throw new DeviceSilent('an Inform', 'none')
      },
    )

    await expect(interview.call('GetRPCMethods', {})).rejects.toThrow('expected an Inform; got none')
  })

  test('is hung up on where its session does not end', async () => {
    const broken = session(() => Promise.reject(emptyPost))
    await new Interview(broken, async () => broken).end()
    expect(broken.abort).toHaveBeenCalledOnce()
  })
})

test.each([
  [9000, false],
  [9003, true],
])('a fault %i to an RPC says whether it is known: %s', async (faultCode, isKnown) => {
  const fault = { faultCode, faultString: '', cwmpDetail: true }
  const only = session(() => fault)
  const interview = new Interview(only, async () => only)
  await interview.call('GetRPCMethods', {})
  expect([...interview.known]).toEqual([['GetRPCMethods', isKnown]])
})

test('a fault of our own is none of the device', async () => {
  const broken = session(() => new HarnessError('the session is over'))
  const interview = new Interview(broken, async () => broken)
  await expect(interview.call('GetRPCMethods', {})).rejects.toThrow('the session is over')
})
