import { setTimeout } from 'node:timers/promises'
import { informOf, RawCpe } from '../acs/raw-cpe.ts'
import { buildFault, buildResponse, parseEnvelope } from '../cwmp/cwmp.ts'
import type { CreateDut } from '../dut/dut.ts'

/** What the device does when it is asked GetRPCMethods; everything else it answers like a simple agent. */
type Behaviour =
  | 'dies and comes back'
  | 'dies for good'
  | 'hangs'
  | 'answers garbage'
  | 'answers nothing'
  | 'answers 100 MB'
  | 'answers a bomb'
  | 'answers another method'

/** Or what it does in place of ever opening a session. */
type Presence = 'never connects' | 'connects and closes' | 'speaks no HTTP' | 'sends no envelope'

/** How soon the device opens its next session by itself, in milliseconds. */
const periodMs = 300

/** A simple agent over a raw socket, hostile in one way: `options.behaviour`. */
class HostileCpe {
  readonly #behaviour: Behaviour | Presence
  #url = ''
  #life = 0
  #cpe: RawCpe | undefined
  dead = false

  constructor(behaviour: Behaviour | Presence) {
    this.#behaviour = behaviour
  }

  provision(url: string): void {
    this.#url = url
    this.stop()
    if (!this.dead) void this.#live(this.#life)
  }

  stop(): void {
    this.#life += 1
    this.#cpe?.destroy()
  }

  async #live(life: number): Promise<void> {
    while (life === this.#life && !this.dead) {
      await this.#session().catch(() => {})
      this.#cpe?.destroy()
      await setTimeout(periodMs)
    }
  }

  async #session(): Promise<void> {
    if (this.#behaviour === 'never connects') return
    const cpe = await RawCpe.connect(this.#url)
    this.#cpe = cpe
    if (this.#behaviour === 'connects and closes') return
    if (this.#behaviour === 'speaks no HTTP') {
      cpe.send('EHLO acs\r\n\r\n')
      await cpe.closed()
      return
    }
    await cpe.post(
      this.#behaviour === 'sends no envelope' ? '{"inform": true}' : informOf({ serialNumber: 'hostile' }),
    )
    let answer = await cpe.post('')
    while (answer.status === 200 && answer.body.length > 0) {
      const { name, id, body } = parseEnvelope(answer.body)
      const options = { id: id ?? null }
      if (name === 'GetRPCMethods') {
        answer = await this.#misbehave(cpe, options)
      } else if (name === 'GetParameterValues') {
        const names = body.children.find((child) => child.name === 'ParameterNames')?.children ?? []
        const ParameterList = names.map(({ text }) => ({ Name: text, Value: 'x', type: 'xsd:string' }))
        answer = await cpe.post(buildResponse('GetParameterValues', { ParameterList }, options))
      } else if (name === 'SetParameterValues') {
        answer = await cpe.post(buildResponse('SetParameterValues', { Status: 0 }, options))
      } else {
        answer = await cpe.post(
          buildFault({ code: 9000, string: 'Method not supported', soapCode: 'Server' }, options),
        )
      }
    }
  }

  #misbehave(cpe: RawCpe, options: { id: string | null }): ReturnType<RawCpe['post']> {
    switch (this.#behaviour) {
      case 'dies for good':
        this.dead = true
        cpe.destroy()
        throw new Error('dead')
      case 'hangs':
        return new Promise(() => {})
      case 'answers garbage':
        return cpe.post('<soap:Envelope><Body>&nonsense;')
      case 'answers nothing':
        return cpe.post('')
      case 'answers 100 MB':
        return cpe.post(Buffer.alloc(100_000_000, 0x20))
      case 'answers a bomb': {
        const entities = Array.from(
          { length: 30 },
          (_, level) => `<!ENTITY e${level + 1} "&e${level};&e${level};">`,
        )
        return cpe.post(
          `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">${entities.join('')}]><x>&e30;</x>`,
        )
      }
      case 'answers another method':
        return cpe.post(buildResponse('Reboot', {}, options))
      default:
        cpe.destroy()
        throw new Error('dies, and comes back')
    }
  }
}

/** A module adapter (docs/writing-a-dut-adapter.md). */
export const createDut: CreateDut = ({ options }) => {
  const cpe = new HostileCpe(options.behaviour as Behaviour | Presence)
  return {
    provision: async ({ acsUrl }) => cpe.provision(acsUrl),
    alive: async () => !cpe.dead,
    stop: async () => cpe.stop(),
  }
}
