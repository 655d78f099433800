import { describe, expect, test } from 'vitest'
import type { AcsSession, Exchange } from '../../acs/acs.ts'
import { buildRequest, parseEnvelope } from '../../cwmp/cwmp.ts'
import { DeviceSilent } from '../../failure.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import { SoapLine } from './line.ts'

const { signal } = new AbortController()

/** An Inform as it comes where the answer to a request belongs. */
function informOf(RetryCount: number, ...codes: string[]): Exchange {
  const xml = buildRequest('Inform', {
    DeviceId: { Manufacturer: 'm', OUI: '000000', ProductClass: 'p', SerialNumber: 's' },
    Event: codes.map((EventCode) => ({ EventCode, CommandKey: '' })),
    MaxEnvelopes: 1,
    CurrentTime: '2030-01-01T00:00:00Z',
    RetryCount,
    ParameterList: [],
  })
  return { isInform: true, envelope: parseEnvelope(Buffer.from(xml)), destroy() {} } as unknown as Exchange
}

/** A bench whose device says that where an answer belongs, and then comes back as `next`. */
function bedOf(
  send: (options: { timeoutMs: number }) => Promise<Exchange>,
  { isCallable = true, responseSeconds = 5 } = {},
): TestBed {
  const session = { over: false, isOrphan: false, send: (_: unknown, how: never) => send(how), abort() {} }
  const next = { inform: { RetryCount: 1 }, eventCodes: ['6 CONNECTION REQUEST'] }
  return {
    profile: {
      ics: { HttpConnectionRequest: isCallable },
      pixit: { timing: { responseSeconds, informSeconds: 30 } },
    },
    connectionRequestUrl: isCallable ? 'http://cpe.example/' : '',
    openSession: async () => session as unknown as AcsSession,
    nextSession: async () => next as unknown as AcsSession,
    askPatiently: async () => undefined,
  } as unknown as TestBed
}

describe('an Inform where an answer belongs', () => {
  test.each([
    [0, false],
    [1, true],
  ])('of RetryCount %i is what counts, whatever comes after it', async (retryCount, isRetry) => {
    const line = new SoapLine(bedOf(async () => informOf(retryCount, '4 VALUE CHANGE')))

    expect(await line.say('', signal)).toEqual({ how: 'ended', isRetry, events: ['4 VALUE CHANGE'] })
  })

  test('tells a restart', async () => {
    const line = new SoapLine(bedOf(async () => informOf(1, '1 BOOT')))

    expect(await line.say('', signal)).toEqual({ how: 'ended', isRetry: false, events: ['1 BOOT'] })
  })
})

describe('a device that keeps its connection and says nothing', () => {
  test.each([
    [true, 5, 5000],
    [false, 5, 20_000],
    [false, 60, 60_000],
  ])(
    'is waited for until its retry where it cannot be called (callable: %s, %i s)',
    async (isCallable, responseSeconds, patience) => {
      let waited = 0
      const silent = async ({ timeoutMs }: { timeoutMs: number }): Promise<Exchange> => {
        waited = timeoutMs
        throw new DeviceSilent('an answer', 'none')
      }

      expect(
        await new SoapLine(bedOf(silent, { isCallable, responseSeconds })).say('', signal),
      ).toMatchObject({
        how: 'silent',
      })
      expect(waited).toBe(patience)
    },
  )
})
