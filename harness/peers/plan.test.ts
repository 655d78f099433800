import { describe, expect, test } from 'vitest'
import { suiteOfProject } from '../suite-names.ts'
import { meetsPeer, type PeersChoice, planPeers, type SuitePeers } from './peers.ts'

const engine = async () => ({ engineVersion: '20.10.24' })
const unavailable = (message: string) => Object.assign(new Error(message), { name: 'PeerUnavailable' })
const noEngine = async () => {
  throw unavailable('no Docker engine answers')
}
const noGenieAcs = async (peer: string) => {
  if (peer === 'genieacs') throw unavailable('image genieacs is not here')
  return engine()
}

describe('which peers a run has', () => {
  test.each<[PeersChoice, typeof engine, SuitePeers | undefined, string]>([
    ['embedded', engine, undefined, 'embedded'],
    ['auto', engine, { use: 'both' }, 'embedded, and Prosody in a container (Docker 20.10.24)'],
    ['auto', noEngine, { use: 'embedded' }, 'embedded only: no Docker engine answers'],
    [
      'containers',
      engine,
      { use: 'containers' },
      'Prosody in a container (Docker 20.10.24); embedded only where a case needs a scripted peer',
    ],
    [
      'containers',
      noEngine,
      { use: 'containers', unavailable: 'no Docker engine answers' },
      'containers cannot be had: no Docker engine answers',
    ],
  ])('%s with %o is %o', async (choice, prepare, xmpp, words) => {
    const plan = await planPeers(choice, ['xmpp'], prepare)

    expect(plan).toMatchObject({ suites: xmpp ? { xmpp } : {}, words })
    expect(plan.leftOut ?? []).toHaveLength(choice === 'auto' && xmpp?.use === 'embedded' ? 1 : 0)
  })

  test.each<[PeersChoice, SuitePeers, string]>([
    [
      'auto',
      { use: 'embedded' },
      'embedded, and Prosody in a container (Docker 20.10.24); no GenieACS: image genieacs is not here',
    ],
    [
      'containers',
      { use: 'containers', unavailable: 'image genieacs is not here' },
      'Prosody in a container (Docker 20.10.24); embedded only where a case needs a scripted peer; no GenieACS: image genieacs is not here',
    ],
  ])('%s is said of each suite by itself', async (choice, connectionRequest, words) => {
    const plan = await planPeers(choice, ['connection-request', 'rpc', 'xmpp'], noGenieAcs)

    expect(plan.suites['connection-request']).toEqual(connectionRequest)
    expect(plan.suites.xmpp?.unavailable).toBeUndefined()
    expect(plan.words).toBe(words)
  })

  test('the cases that auto goes without are named; those that were asked for are not', async () => {
    const suites = ['connection-request', 'xmpp']

    expect((await planPeers('auto', suites, noGenieAcs)).leftOut).toEqual([
      { suite: 'connection-request@genieacs', reason: 'image genieacs is not here' },
    ])
    expect((await planPeers('containers', suites, noGenieAcs)).leftOut).toBeUndefined()
    expect((await planPeers('auto', suites, engine)).leftOut).toBeUndefined()
  })

  test('names all real peers', async () => {
    const { words } = await planPeers('auto', ['connection-request', 'xmpp'], engine)

    expect(words).toBe('embedded, and GenieACS and Prosody in containers (Docker 20.10.24)')
  })

  test('looks for no engine where no suite has a real peer', async () => {
    const never = async () => Promise.reject(new Error('asked for'))

    expect(await planPeers('containers', ['rpc', 'dut'], never)).toEqual({ suites: {}, words: 'embedded' })
  })

  test('does not hide a mistake of its own behind an embedded run', async () => {
    const mistake = async () => Promise.reject(new TypeError('no such property'))

    await expect(planPeers('auto', ['xmpp'], mistake)).rejects.toThrow(TypeError)
  })
})

describe('a case', () => {
  test.each([
    ['embedded', 'xmpp', 'any', true],
    ['embedded', 'xmpp', undefined, true],
    ['both', 'xmpp', 'any', true],
    ['both', 'xmpp@prosody', 'any', true],
    ['both', 'xmpp@prosody', undefined, false],
    ['containers', 'xmpp', 'any', false],
    ['containers', 'xmpp', undefined, true],
    ['containers', 'xmpp@prosody', 'any', true],
    ['containers', 'rpc', undefined, true],
  ] as const)('with peers %s in the project %s, permitting %s, runs: %s', (use, project, permits, runs) => {
    const plan = { suites: { xmpp: { use } }, words: '' }

    expect(meetsPeer(plan, suiteOfProject(project), permits)).toBe(runs)
  })
})
