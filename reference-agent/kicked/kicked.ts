/** Kicked: a web page of the device sends its user on to where the ACS says (TR-069 A.4.2.1). Public face of kicked/. */
import type { CommandMembers } from '../control/control.ts'
import type { Timer } from '../platform/platform.ts'
import { type EventCall, EventCalls } from '../services/event-calls.ts'
import type { CpeService, Device } from '../services/service.ts'
import type { EventStruct } from '../session/session.ts'
import { childNamed, escapeXml } from '../soap/soap.ts'

interface Kick {
  id: number
  body: string
  answer: PromiseWithResolvers<object>
  timer: Timer
}

/** Device milliseconds that a browser waits. */
const PATIENCE = 60_000

/** Most characters of each argument. */
const LENGTHS = { Command: 32, Referer: 64, Arg: 256, Next: 1024 } as const

export class Kicked implements CpeService {
  readonly commands = { kicked: (members: CommandMembers) => this.kick(members) }
  protected readonly device: Device
  protected readonly calls: EventCalls
  #kicks: Kick[] = []
  #next = 1

  constructor(device: Device) {
    this.device = device
    this.calls = new EventCalls({
      device,
      waiting: () => this.#kicks.map(callOf),
      answered: (id, { body }) =>
        this.#settle(id, ({ answer }) =>
          answer.resolve({ nextUrl: childNamed(body, 'NextURL')?.text ?? '' }),
        ),
      faulted: (id, { faultCode }) =>
        this.#settle(id, ({ answer }) => answer.reject(new Error(`the ACS answers with fault ${faultCode}`))),
    })
  }

  /** Nobody waits any more once the lights go out. */
  stop(): void {
    this.calls.stop()
    for (const { id } of this.#kicks) this.#giveUp(id, 'the device goes down')
  }

  /** The users of pages that the old ACS knows are none of the new one's: 0 BOOTSTRAP discards their event, too. */
  bootstrapped(): void {
    for (const { id } of this.#kicks) this.#giveUp(id, 'the device has another ACS now')
  }

  informing(events: readonly EventStruct[]): void {
    this.calls.informing(events)
  }

  sessionEnded(): void {
    this.calls.sessionEnded()
  }

  /** Asks the ACS where to go. Rejects when it does not say so in time, and for arguments that are too long. */
  async kick(members: CommandMembers): Promise<object> {
    const given = {
      Command: members.text('action'),
      Referer: members.optional('referer') ?? '',
      Arg: members.optional('arg') ?? '',
      Next: members.optional('next') ?? '',
    }
    const elements = Object.entries(given).map(([name, value]) => {
      const longest = LENGTHS[name as keyof typeof LENGTHS]
      if ([...value].length > longest) throw new Error(`${name} is longer than ${longest} characters`)
      return `<${name}>${escapeXml(value)}</${name}>`
    })
    const id = this.#next++
    const answer = Promise.withResolvers<object>()
    const timer = this.device.clock.after(PATIENCE, () => this.#giveUp(id, 'the ACS does not answer'))
    this.#kicks.push({ id, body: `<cwmp:Kicked>${elements.join('')}</cwmp:Kicked>`, answer, timer })
    this.calls.announce()
    return answer.promise
  }

  #giveUp(id: number, why: string): void {
    this.#settle(id, ({ answer }) => answer.reject(new Error(why)))
  }

  #settle(id: number, how: (kick: Kick) => void): void {
    const kick = this.#kicks.find((each) => each.id === id)
    if (!kick) return
    this.#kicks = this.#kicks.filter((each) => each !== kick)
    kick.timer.cancel()
    how(kick)
  }
}

function callOf({ id, body }: Kick): EventCall {
  return { id, event: { EventCode: '5 KICKED', CommandKey: '' }, method: 'Kicked', body }
}
