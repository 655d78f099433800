/** What somebody at the device may do: call the object `tr069`, and read and change the data model by debug commands. */

import { applyConfiguration } from '../provisioning.ts'
import type { CpeService, Device } from '../services/service.ts'
import type { SessionOutcome } from '../session/session.ts'
import { XmppConfiguration } from '../xmpp/xmpp.ts'
import type { CommandMembers } from './command.ts'
import { runDebugCommand } from './debug-commands.ts'
import { SessionHistory } from './session-history.ts'
import { command, inform, status, type Tr069Target } from './tr069-object.ts'

/** Words that a debug command may have. */
const MOST_WORDS = 8

export class LocalControl implements CpeService {
  readonly #device: Device
  readonly #history: SessionHistory
  readonly #target: Tr069Target
  #reloadIsDue = false

  constructor(device: Device) {
    this.#device = device
    this.#history = new SessionHistory(device.clock)
    this.#target = this.#asTarget()
  }

  readonly commands: CpeService['commands'] = {
    'tr069 status': () => status(this.#target),
    'tr069 inform': (members) =>
      inform(
        { event: members.optional('event'), GetRPCMethods: members.optional('GetRPCMethods') },
        this.#target,
      ),
    'tr069 command': (members) => command(members.optional('command'), this.#target),
    'cli run': (members) => runDebugCommand(this.#device.tree, wordsOf(members)),
  }

  informing(): void {
    this.#history.begin()
  }

  sessionEnded(outcome: SessionOutcome): void {
    this.#history.end(outcome)
    if (!this.#reloadIsDue) return
    this.#reloadIsDue = false
    try {
      this.#target.reload()
    } catch (error) {
      this.#device.log.about('configuration').error((error as Error).message)
    }
  }

  #asTarget(): Tr069Target {
    const device = this.#device
    return {
      get acsUrl() {
        return device.tree.get('Device.ManagementServer.URL')?.value ?? ''
      },
      history: this.#history,
      get nextSession() {
        return device.nextSession
      },
      get inSession() {
        return device.inSession
      },
      inform: (code) => device.occurred(code),
      informWithGetRpcMethods: () => {
        device.askForMethods()
        device.occurred('2 PERIODIC')
      },
      reload: () => {
        const { tree, options, store } = device
        options.configuration?.reload()
        applyConfiguration(tree, options, store, true)
        device.service(XmppConfiguration).read(true)
      },
      reloadAfterSession: () => {
        this.#reloadIsDue = true
      },
      rebootAfterSession: () => device.rebootAfterSession(),
      exit: () => device.exit(),
    }
  }
}

/** The words of a command, under their positions from 0. */
function wordsOf(members: CommandMembers): string[] {
  const words: string[] = []
  for (let position = 0; position < MOST_WORDS; position++) {
    const word = members.optional(String(position))
    if (word === undefined) break
    words.push(word)
  }
  return words
}
