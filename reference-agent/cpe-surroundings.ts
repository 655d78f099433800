/** What a device gets from the process it lives in, and what it tells of itself. */
import type { AgentOptions } from './options.ts'
import type { AgentParts } from './parts.ts'
import type { Clock, Log } from './platform/platform.ts'
import type { SessionOutcome } from './session/session.ts'
import type { StateStore } from './state/state.ts'

export interface CpeSurroundings {
  options: AgentOptions
  parts: AgentParts
  store: StateStore
  clock: Clock
  log: Log
  /** Ends this boot and begins the next one. */
  reboot(): void
  /** Ends the program. */
  exit(): void
}

export interface CpeStatus {
  acsUrl: string
  connectionRequestUrl: string
  /** Device seconds since this boot. */
  upTime: number
  inSession: boolean
  /** Event codes not yet delivered. */
  events: string[]
  retryCount: number
  /** Sessions since this boot. */
  sessions: number
  lastSession?: SessionOutcome | undefined
  /** What the ACS said to GetRPCMethods. */
  acsMethods?: string[] | undefined
}
