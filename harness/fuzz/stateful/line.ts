import type { CwmpFault, RequestOf, ResponseOf, RpcName } from '../../cwmp/cwmp.ts'
import type { Spoiling, WayToCall } from './commands.ts'

/** How the ACS answers a request of the CPE: properly, or with fault 8005, which asks for it again. */
export type RequestAnswer = 'properly' | '8005'

/** A request of the CPE in a session. */
export interface CpeRequest {
  readonly name: string
  /** Of a TransferComplete. */
  readonly report?: RequestOf<'TransferComplete'>
}

/** An Inform, and the session that it opens if the ACS lets it. */
export interface Contact {
  readonly inform: RequestOf<'Inform'>
  /** Where the Inform came. */
  readonly url: string
  readonly atMs: number
  /** Acknowledges the Inform; requests of the CPE are answered as `onRequest` says. */
  accept(onRequest: (request: CpeRequest) => RequestAnswer): void
  /** Spoils the session at its Inform. */
  spoil(how: Spoiling): void
  /** Calls an RPC of the CPE. @throws ConformanceFailure, DeviceSilent when the device does not answer properly */
  call<N extends RpcName>(name: N, args: RequestOf<N>): Promise<ResponseOf<N> | CwmpFault>
  /** Ends the session, after what the CPE has to ask: with 204, or with HTTP status 500. @throws DeviceSilent */
  end(how: 'properly' | '500'): Promise<void>
  /** Cuts the connection. */
  cut(): void
}

/**
 * What became of a connection request: heeded, told that a session runs already, refused otherwise, without an answer as is usual (UDP), or
 * without the answer that was due: then nobody knows whether it was heard.
 */
export type CallResult = 'heard' | 'busy' | 'unanswered' | 'lost' | { readonly refused: string }

/** Everything with which scripts reach a device. Its times are milliseconds of one clock. */
export interface Line {
  /** URLs that the device can be given; the first one is where it belongs. */
  readonly urls: readonly string[]
  now(): number
  /** The next Inform; undefined when none comes in time. */
  nextContact(withinMs: number, signal: AbortSignal): Promise<Contact | undefined>
  /** Asks for a session once. */
  call(way: WayToCall, signal: AbortSignal): Promise<CallResult>
  /**
   * Asks for a session, again and again as long as the device says that it is busy, or nothing; 'busy' or 'lost' if it does so all the time.
   * `lost` is called for each request before the last that got no answer.
   */
  callPatiently(way: WayToCall, signal: AbortSignal, lost: () => void): Promise<CallResult>
  setLocally(name: string, value: string, signal: AbortSignal): Promise<void>
  powerCycle(signal: AbortSignal): Promise<void>
  /** The reset button. */
  factoryReset(signal: AbortSignal): Promise<void>
  /** Points a device at its first URL that has lost it. */
  provision(signal: AbortSignal): Promise<void>
  /** What a device that was reset needs before it can be called again, each for one SetParameterValues; it may refuse. */
  readonly enrolments: readonly RequestOf<'SetParameterValues'>['ParameterList'][]
  /** The longest wait before retry number `retry`, in milliseconds. */
  retryWaitMs(retry: number): number
  /** Where the device finds the file, and where it puts one. */
  fileUrl(which: 'good' | 'missing' | 'upload'): string
}
