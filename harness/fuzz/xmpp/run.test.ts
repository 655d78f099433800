import { describe, expect, test } from 'vitest'
import { attribute, child, childText, parseXml, type XmlElement } from '../../cwmp/cwmp.ts'
import { DeviceSilent } from '../../failure.ts'
import { CONNECTION_REQUEST } from './arbitraries.ts'
import { escaped, ModelCpe } from './model-cpe.ts'
import { type FuzzPeers, fuzzStanzas, type Sending } from './stanza-fuzz.ts'

const target = { cpe: 'cpe@example.org/cwmp', username: 'cr user', password: 'cr<secret>&' }
const options = { seed: 7, budget: 300, timeoutMs: 50 }

function peersOf(device: ModelCpe): FuzzPeers {
  const sending = (sender: 'allowed' | 'foreign'): Sending => {
    const one: Sending = {
      received: [],
      send(text) {
        const iq = parseXml(text, { maxDepth: 200 })
        const answer = device.answer(iq, sender)
        if (answer !== undefined) one.received.push(parseXml(device.render(iq, answer)))
      },
      async ask(to, payload) {
        const iq = parseXml(`<iq type="get" id="ask" to="${to}">${payload}</iq>`)
        const answer = device.answer(iq, sender)
        if (answer === undefined) throw new DeviceSilent('an answer', 'none')
        return parseXml(device.render(iq, answer))
      },
    }
    return one
  }
  return {
    target,
    allowed: sending('allowed'),
    foreign: sending('foreign'),
    sessions: () => device.sessions,
    async sessionsReach(count) {
      if (device.sessions < count) throw new DeviceSilent(`${count} sessions`, `${device.sessions}`)
    },
  }
}

describe('stanza fuzzing', () => {
  test.each([1, 2, 3, 4, 5])('lets a good device pass (seed %i)', async (seed) => {
    expect(
      await fuzzStanzas(peersOf(new ModelCpe(target)), { ...options, budget: 1000, seed }),
    ).toBeGreaterThanOrEqual(1000)
  })

  test('finds a device that heeds anybody', async () => {
    const device = new (class extends ModelCpe {
      override isAllowed() {
        return true
      }
    })(target)

    await expect(fuzzStanzas(peersOf(device), options)).rejects.toThrow(
      /ConnReqAllowedJabberIDs.*from a foreign JID/s,
    )
  })

  test('finds a device that looks at the user name only', async () => {
    const device = new (class extends ModelCpe {
      override isAuthorized(payload: XmlElement) {
        return childText(payload, 'username') === target.username
      }
    })(target)

    await expect(fuzzStanzas(peersOf(device), options)).rejects.toThrow('wrong credentials')
  })

  test('finds a device that takes a result for a request', async () => {
    const device = new (class extends ModelCpe {
      override answer(iq: XmlElement, sender: 'allowed' | 'foreign') {
        const type = attribute(iq, '', 'type')
        if (iq.name === 'iq' && (type === 'result' || type === 'error')) {
          const [payload] = iq.children
          if (payload?.uri === CONNECTION_REQUEST && this.isAuthorized(payload) && this.isAllowed(sender)) {
            this.sessions += 1
            return 'result'
          }
        }
        return super.answer(iq, sender)
      }
    })(target)

    await expect(fuzzStanzas(peersOf(device), { ...options, budget: 1000 })).rejects.toThrow(
      'is never answered',
    )
  })

  test('finds a device that starts a session without saying so', async () => {
    const device = new (class extends ModelCpe {
      override answer(iq: XmlElement, sender: 'allowed' | 'foreign') {
        const answer = super.answer(iq, sender)
        if (iq.name === 'message' && child(iq, 'connectionRequest')) this.sessions += 1
        return answer
      }
    })(target)

    await expect(fuzzStanzas(peersOf(device), options)).rejects.toThrow('sessions with 6 CONNECTION REQUEST')
  })

  test('finds a password in an answer, and a misspelt condition', async () => {
    const echoes = new (class extends ModelCpe {
      override render(iq: XmlElement, answer: string) {
        const password = iq.children[0] && childText(iq.children[0], 'password')
        const echo = password === undefined ? '' : `<password>${escaped(password)}</password>`
        return super.render(iq, answer).replace('</iq>', `${echo}</iq>`)
      }
    })(target)
    const misspells = new (class extends ModelCpe {
      override render(iq: XmlElement, answer: string) {
        return super.render(iq, answer.replace('not-authorized', 'not-autorized'))
      }
    })(target)

    await expect(fuzzStanzas(peersOf(echoes), options)).rejects.toThrow('repeats a password')
    await expect(fuzzStanzas(peersOf(misspells), options)).rejects.toThrow('not-autorized')
  })

  test('finds a device that is silent to what it does not know, and one that dies', async () => {
    const silent = new (class extends ModelCpe {
      override answer(iq: XmlElement, sender: 'allowed' | 'foreign') {
        return iq.children[0]?.uri === CONNECTION_REQUEST ? super.answer(iq, sender) : undefined
      }
    })(target)
    let heard = 0
    const mortal = new (class extends ModelCpe {
      override answer(iq: XmlElement, sender: 'allowed' | 'foreign') {
        heard += 1
        return heard > 200 ? undefined : super.answer(iq, sender)
      }
    })(target)

    await expect(fuzzStanzas(peersOf(silent), options)).rejects.toThrow(/none to <iq/)
    await expect(fuzzStanzas(peersOf(mortal), options)).rejects.toThrow(DeviceSilent)
  })

  test('sends the same stanzas for the same seed', async () => {
    const heard = async (seed: number) => {
      const texts: string[] = []
      const peers = peersOf(new ModelCpe(target))
      for (const sender of [peers.allowed, peers.foreign]) {
        const send = sender.send.bind(sender)
        sender.send = (text) => {
          texts.push(text)
          send(text)
        }
      }
      await fuzzStanzas(peers, { ...options, seed, budget: 100 })
      return texts
    }

    expect(await heard(3)).toEqual(await heard(3))
    expect(await heard(3)).not.toEqual(await heard(4))
  })
})
