import { describe, expect, test } from 'vitest'
import { meetsPeer, type PeersChoice, planPeers } from './peers.ts'

const engine = async () => ({ engineVersion: '20.10.24' })
const noEngine = async () => {
  throw Object.assign(new Error('no Docker engine answers'), { name: 'PeerUnavailable' })
}

describe('which peers a run has', () => {
  test.each<[PeersChoice, typeof engine, string, string]>([
    ['embedded', engine, 'embedded', 'embedded'],
    ['auto', engine, 'both', 'embedded, and Prosody in a container (Docker 20.10.24)'],
    ['auto', noEngine, 'embedded', 'embedded only: no Docker engine answers'],
    ['containers', noEngine, 'containers', 'containers cannot be had: no Docker engine answers'],
  ])('%s with %o is %s', async (choice, prepare, use, words) => {
    expect(await planPeers(choice, ['xmpp'], prepare)).toMatchObject({ use, words })
  })

  test('keeps the reason why containers cannot be had for the cases', async () => {
    const plan = await planPeers('containers', ['xmpp'], noEngine)

    expect(plan.unavailable).toBe('no Docker engine answers')
  })

  test('looks for no engine where no suite has a real peer', async () => {
    expect(await planPeers('containers', ['rpc', 'dut'], noEngine)).toEqual({
      use: 'embedded',
      words: 'embedded',
    })
  })

  test('does not hide a mistake of its own behind an embedded run', async () => {
    const mistake = async () => Promise.reject(new TypeError('no such property'))

    await expect(planPeers('auto', ['xmpp'], mistake)).rejects.toThrow(TypeError)
  })
})

describe('a case', () => {
  test.each([
    ['embedded', false, 'any', true],
    ['embedded', false, undefined, true],
    ['both', false, 'any', true],
    ['both', true, 'any', true],
    ['both', true, undefined, false],
    ['containers', false, 'any', false],
    ['containers', false, undefined, true],
    ['containers', true, 'any', true],
  ] as const)(
    'with peers %s, in a container %s, permitting %s, runs: %s',
    (use, onContainer, permits, runs) => {
      expect(meetsPeer({ use, words: '' }, onContainer, permits)).toBe(runs)
    },
  )
})
