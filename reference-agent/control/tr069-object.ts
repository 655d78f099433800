/** The object `tr069` as operators of OpenWrt devices call it over ubus: methods status, inform and command, with the members they know. */
import { localDateTime } from '../platform/platform.ts'
import type { SessionHistory, SessionRecord } from './session-history.ts'

/** What the object acts on. */
export interface Tr069Target {
  readonly acsUrl: string
  readonly history: SessionHistory
  /** When the next session is due, as far as that is known: device time in milliseconds. */
  readonly nextSession: number | undefined
  readonly inSession: boolean
  /** Opens a session with that event, at once or after the running one. */
  inform(eventCode: string): void
  /** As `inform` with 2 PERIODIC, and asks the ACS for its methods. */
  informWithGetRpcMethods(): void
  /** Reads the configuration again and puts it into effect. Throws when it cannot be read. */
  reload(): void
  reloadAfterSession(): void
  rebootAfterSession(): void
  /** Ends the agent once the answer is out. */
  exit(): void
}

/** Events that somebody at the device may cause, as the first word of what is asked. */
const EVENTS: Readonly<Record<string, string>> = {
  '1': '1 BOOT',
  '2': '2 PERIODIC',
  '3': '3 SCHEDULED',
  '4': '4 VALUE CHANGE',
  '6': '6 CONNECTION REQUEST',
  '8': '8 DIAGNOSTICS COMPLETE',
  '9': '9 REQUEST DOWNLOAD',
  '13': '13 WAKEUP',
  '14': '14 HEARTBEAT',
}

const COMMANDS = ['reload', 'reload_end_session', 'reboot_end_session', 'exit']

/** `status`: what the agent is doing and has done since its boot. */
export function status({ acsUrl, history, nextSession, inSession }: Tr069Target): object {
  const { booted, last, successes, failures } = history
  const time = (moment: number | undefined) => (moment === undefined ? 'N/A' : localDateTime(moment))
  return {
    cwmp: { status: 'up', start_time: localDateTime(booted), acs_url: acsUrl },
    last_session: {
      status: outcomeOf(last, inSession),
      start_time: time(last?.started),
      end_time: time(last?.ended),
    },
    next_session: { status: 'waiting', start_time: time(nextSession), end_time: 'N/A' },
    statistics: {
      success_sessions: successes,
      failure_sessions: failures,
      total_sessions: successes + failures,
    },
  }
}

function outcomeOf(last: SessionRecord | undefined, inSession: boolean): string {
  if (!last) return 'N/A'
  if (inSession && last.ended === undefined) return 'running'
  return last.successful ? 'success' : 'failure'
}

/** `inform`: opens a session with an event, 6 CONNECTION REQUEST unless another one is named. */
export function inform(
  { event, GetRPCMethods }: { event?: string | undefined; GetRPCMethods?: string | undefined },
  target: Tr069Target,
): object {
  const isRunning = target.inSession
  if (GetRPCMethods === '1' || GetRPCMethods === 'true') {
    target.informWithGetRpcMethods()
    return { status: 1, info: 'Session with GetRPCMethods will start' }
  }
  const asked = (event || '6').trim().toLowerCase()
  const code = EVENTS[/^\d+/.exec(asked)?.[0] ?? '']
  // What is asked may be a number alone, or an event code in whatever case.
  const isEvent = code !== undefined && [code.toLowerCase(), code.split(' ')[0]].includes(asked)
  if (!isEvent) return { status: -1, info: 'not able to get the event code' }
  target.inform(code)
  return {
    status: 1,
    info: isRunning
      ? 'Session already running, event will be sent at the end of the session'
      : 'Session started',
  }
}

/** `command`: what else somebody at the device may ask; without a name the list of it. */
export function command(name: string | undefined, target: Tr069Target): object {
  switch (name) {
    case 'reload':
    case 'reload_end_session':
      return reload(target)
    case 'reboot_end_session':
      target.rebootAfterSession()
      return { status: 1, info: target.inSession ? 'reboot at the end of the session' : 'reboot' }
    case 'exit':
      target.exit()
      return { status: 1, info: 'agent stopped' }
    case undefined:
      return { SupportedCommands: COMMANDS }
    default:
      return {
        status: -1,
        info: `'${name}' is not supported. Check the supported commands: ${COMMANDS.join(', ')}`,
      }
  }
}

function reload(target: Tr069Target): object {
  if (target.inSession) {
    target.reloadAfterSession()
    return { status: 1, info: 'Session running, reload at the end of the session' }
  }
  try {
    target.reload()
    return { status: 1, info: 'config reloaded' }
  } catch (error) {
    return { status: -1, info: `config reload failed: ${(error as Error).message}` }
  }
}
