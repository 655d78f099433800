import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { attribute, child, childText, parseXml, type XmlElement } from '../../cwmp/cwmp.ts'
import { Transcript } from '../../cwmp/transcript.ts'
import { DeviceSilent } from '../../failure.ts'
import { type CampaignResult, runCampaign } from '../campaign/campaign.ts'
import type { Phase } from '../campaign/field.ts'
import { CONNECTION_REQUEST } from './arbitraries.ts'
import { escaped, ModelCpe } from './model-cpe.ts'
import { type FuzzPeers, type Sending, StanzaArena, stanzaLanguage } from './stanza-fuzz.ts'

const target = { cpe: 'cpe@example.org/cwmp', username: 'cr user', password: 'cr<secret>&' }
const language = stanzaLanguage(target)
let outDir: string

beforeEach(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'stanzas-'))
})
afterEach(() => rm(outDir, { recursive: true }))

/** The server between the two. */
interface MadeUpServer {
  /** Whether it refuses requests in the place of a device that is not there. */
  readonly answersForAbsent: boolean
  /** Whether it says who is there. */
  readonly tells: boolean
  /** How often a device that was started anew is asked until it has logged in, or how long waited for. */
  readonly asksUntilLogin: number
}

const good: MadeUpServer = { answersForAbsent: true, tells: true, asksUntilLogin: 0 }

/** What comes of so many stanzas. A device that is made anew at each restart forgets what it had. */
function fuzz(
  make: () => ModelCpe,
  {
    seed = 7,
    cases = 400,
    phases = ['coverage', 'mutation'] as readonly Phase[],
    sent = [] as string[],
    server = good,
  } = {},
): Promise<CampaignResult> {
  return runCampaign(language, new StanzaArena(peersOf(make, sent, server)), {
    id: 'XMPP-FUZZ-001',
    phases,
    budget: { cases },
    seed,
    outDir,
    signal: new AbortController().signal,
    mostFindings: 3,
  })
}

/** What was expected and what came, of each finding. */
async function found(make: () => ModelCpe, options?: Parameters<typeof fuzz>[1]): Promise<string> {
  const { findings } = await fuzz(make, options)
  return findings
    .map(({ expected, actual, clause }) => `${expected.join(' or ')}; ${actual}; ${clause}`)
    .join('\n')
}

function peersOf(make: () => ModelCpe, sent: string[], server: MadeUpServer): FuzzPeers {
  let device = make()
  let before = 0
  let away = 0
  const isThere = () => !device.isDead && away === 0
  const answerOf = (iq: XmlElement, sender: 'allowed' | 'foreign'): string | undefined => {
    const answer = away === 0 ? device.answer(iq, sender) : undefined
    if (away > 0) away -= 1
    else if (!device.isDead) return answer
    const isRequest = ['get', 'set'].includes(attribute(iq, '', 'type') ?? '')
    return server.answersForAbsent && isRequest ? 'service-unavailable' : undefined
  }
  const sending = (sender: 'allowed' | 'foreign'): Sending => {
    const one: Sending = {
      received: [],
      send(text) {
        sent.push(text)
        const iq = parseXml(text, { maxDepth: 200 })
        const answer = answerOf(iq, sender)
        if (answer !== undefined) one.received.push(parseXml(device.render(iq, answer)))
      },
      async ask(to, payload) {
        const iq = parseXml(`<iq type="get" id="ask" to="${to}">${payload}</iq>`)
        const answer = answerOf(iq, sender)
        if (answer === undefined) throw new DeviceSilent('an answer', 'none')
        return parseXml(device.render(iq, answer))
      },
    }
    return one
  }
  return {
    transcript: new Transcript(),
    target,
    timeoutMs: 50,
    quietMs: 1,
    returnMs: 5000,
    allowed: sending('allowed'),
    foreign: sending('foreign'),
    sessions: () => before + device.sessions,
    async sessionsReach(count) {
      if (before + device.sessions < count) throw new DeviceSilent(`${count} sessions`, 'less')
    },
    connection: async () => `${device.logins}`,
    online: async (timeoutMs) => {
      if (timeoutMs > 0) away = 0
      return server.tells ? isThere() : undefined
    },
    alive: async () => !device.isDead,
    async restart() {
      before += device.sessions
      device = make()
      away = server.asksUntilLogin
    },
    close: async () => {},
  }
}

describe('stanza fuzzing', () => {
  test.each([1, 2, 3, 4, 5])('lets a good device pass (seed %i)', async (seed) => {
    const result = await fuzz(() => new ModelCpe(target), { cases: 1000, seed })

    expect(result.findings).toEqual([])
    expect(result.unreproduced).toEqual([])
    expect(result.met).toBe(1000)
  })

  test('meets every cell of its grammar in coverage', async () => {
    const result = await fuzz(() => new ModelCpe(target), { cases: 5000, phases: ['coverage'] })

    expect(result.gaps).toEqual([])
    const row = result.matrix.find(
      ({ requestClass, element, breakage }) =>
        requestClass === 'iq get' && element === 'wrong request' && breakage === 'none',
    )
    expect(Object.keys(row?.answers ?? {}).toSorted()).toEqual(['not-authorized', 'shares its id'])
  })

  test('finds a device that heeds anybody', async () => {
    const make = () =>
      new (class extends ModelCpe {
        override isAllowed() {
          return true
        }
      })(target)

    expect(await found(make)).toMatch(/from a foreign JID.*ConnReqAllowedJabberIDs/)
  })

  test('finds a device that looks at the user name only', async () => {
    const make = () =>
      new (class extends ModelCpe {
        override isAuthorized(payload: XmlElement) {
          return childText(payload, 'username') === target.username
        }
      })(target)

    expect(await found(make)).toContain('wrong credentials')
  })

  test('finds a device that takes a result for a request', async () => {
    const make = () =>
      new (class extends ModelCpe {
        override answer(iq: XmlElement, sender: 'allowed' | 'foreign') {
          const type = attribute(iq, '', 'type')
          const [payload] = iq.children
          const isAnswer = iq.name === 'iq' && (type === 'result' || type === 'error')
          if (!isAnswer || payload?.uri !== CONNECTION_REQUEST) return super.answer(iq, sender)
          if (!this.isAuthorized(payload) || !this.isAllowed(sender)) return undefined
          this.sessions += 1
          return 'result'
        }
      })(target)

    expect(await found(make)).toContain('is never answered')
  })

  test('finds a device that starts a session without saying so, and the one stanza that makes it do so', async () => {
    const make = () =>
      new (class extends ModelCpe {
        override answer(iq: XmlElement, sender: 'allowed' | 'foreign') {
          const answer = super.answer(iq, sender)
          if (iq.name === 'message' && child(iq, 'connectionRequest')) this.sessions += 1
          return answer
        }
      })(target)

    const { findings } = await fuzz(make)

    expect(findings.map(({ actual }) => actual)).toContain('1 more with 6 CONNECTION REQUEST')
    expect(findings.map(({ script }) => script.length)).toEqual([1])
    expect(findings[0]?.script[0]).toContain('<message')
  })

  test('finds a password in an answer, and a misspelt condition', async () => {
    const echoes = () =>
      new (class extends ModelCpe {
        override render(iq: XmlElement, answer: string) {
          const password = iq.children[0] && childText(iq.children[0], 'password')
          const echo = password === undefined ? '' : `<password>${escaped(password)}</password>`
          return super.render(iq, answer).replace('</iq>', `${echo}</iq>`)
        }
      })(target)
    const misspells = () =>
      new (class extends ModelCpe {
        override render(iq: XmlElement, answer: string) {
          return super.render(iq, answer.replace('not-authorized', 'not-autorized'))
        }
      })(target)

    expect(await found(echoes)).toContain('repeats a password')
    expect(await found(misspells)).toContain('not-autorized')
  })

  test('finds a device that is silent to what it does not know', async () => {
    const make = () =>
      new (class extends ModelCpe {
        override answer(iq: XmlElement, sender: 'allowed' | 'foreign') {
          return iq.children[0]?.uri === CONNECTION_REQUEST ? super.answer(iq, sender) : undefined
        }
      })(target)

    expect(await found(make)).toMatch(/none to <iq/)
  })

  test('finds the stanza of which a device dies', async () => {
    const depth = (element: XmlElement): number => 1 + Math.max(0, ...element.children.map(depth))
    const make = () =>
      new (class extends ModelCpe {
        override answer(iq: XmlElement, sender: 'allowed' | 'foreign') {
          this.isDead ||= depth(iq) > 60
          return this.isDead ? undefined : super.answer(iq, sender)
        }
      })(target)

    const { findings } = await fuzz(make, { cases: 1000 })

    expect(findings[0]).toMatchObject({ kind: 'crash', script: [expect.stringContaining('<n><n>')] })
  })

  test.each([
    ['tells who is there', { ...good, asksUntilLogin: 12 }],
    ['tells nothing', { ...good, tells: false, asksUntilLogin: 6 }],
  ])('takes a server that answers for an absent device for no device, where it %s', async (_what, server) => {
    const make = () =>
      new (class extends ModelCpe {
        override answer(iq: XmlElement, sender: 'allowed' | 'foreign') {
          this.isDead ||= attribute(iq, '', 'type') === 'subscribe'
          return super.answer(iq, sender)
        }
      })(target)

    const { findings } = await fuzz(make, { server })

    expect(findings[0]).toMatchObject({
      kind: 'crash',
      script: [expect.stringContaining('type="subscribe"')],
    })
  })

  test('finds the stanza over which a device loses its connection', async () => {
    const make = () =>
      new (class extends ModelCpe {
        override answer(iq: XmlElement, sender: 'allowed' | 'foreign') {
          if (attribute(iq, '', 'type') === 'subscribe') this.logins += 1
          return super.answer(iq, sender)
        }
      })(target)

    const { findings } = await fuzz(make)

    expect(findings[0]?.actual).toBe('one that was lost')
    expect(findings[0]?.script).toEqual([expect.stringContaining('type="subscribe"')])
  })

  test('sends the same stanzas for the same seed', async () => {
    const heard = async (seed: number) => {
      const sent: string[] = []
      await fuzz(() => new ModelCpe(target), { seed, cases: 100, sent })
      return sent
    }

    expect(await heard(3)).toEqual(await heard(3))
    expect(await heard(3)).not.toEqual(await heard(4))
  })
})

describe('a stanza', () => {
  test('comes back from JSON as it was', () => {
    const all = [...language.coverage()]

    expect(all.map((one) => language.fromJson(JSON.parse(JSON.stringify(language.toJson(one)))))).toEqual(all)
    expect(() => language.fromJson({ sender: 'nobody', element: {} })).toThrow()
  })

  test('has only simpler ones that say less', () => {
    const size = (text: string) => text.length
    for (const one of language.coverage()) {
      const own = size(JSON.stringify(language.toJson(one)))
      for (const less of language.simpler(one))
        expect(size(JSON.stringify(language.toJson(less)))).toBeLessThanOrEqual(own)
    }
  })
})
