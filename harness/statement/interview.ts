import type { AcsSession } from '../acs/acs.ts'
import { type CwmpFault, isFault, type RequestOf, type ResponseOf, type RpcName } from '../cwmp/cwmp.ts'
import { ConformanceFailure } from '../failure.ts'

/** Whom the questions of a survey are put to. */
export type Asker = Pick<AcsSession, 'call'>

/** How often an RPC may come to nothing before it is not tried again: each time costs the device a session. */
const TRIES = 3

/** What came instead of an answer counts as a refusal: nothing is known, and the next question is put all the same. */
const NO_ANSWER: CwmpFault = {
  faultCode: 0,
  faultString: '',
  soapFaultCode: '',
  soapFaultString: '',
  setParameterValuesFaults: [],
  cwmpDetail: false,
}

/**
 * Questions to a device of which nothing is known yet, its conformance least of all: where it answers with something else, falls silent or
 * hangs up, that is noted and the interview goes on in another session.
 */
export class Interview implements Asker {
  /** The session that began it; its Inform says who the device is. */
  readonly first: AcsSession
  /** What each RPC came to that got no answer, in words. */
  readonly failures = new Map<RpcName, string>()
  /** Whether the device knows an RPC that it was asked with: what it said first, 9000 (method not supported) or anything else. */
  readonly known = new Map<RpcName, boolean>()
  #session: AcsSession
  readonly #reopen: () => Promise<AcsSession>
  readonly #tries = new Map<RpcName, number>()

  /** @param reopen ends what is left of a session and opens another one; what it throws ends the interview */
  constructor(session: AcsSession, reopen: () => Promise<AcsSession>) {
    this.first = session
    this.#session = session
    this.#reopen = reopen
  }

  /** As `call` of a session, but a fault with the code 0 stands for an answer that was none. @throws what `reopen` throws */
  async call<N extends RpcName>(name: N, args: RequestOf<N>): Promise<ResponseOf<N> | CwmpFault> {
    const tries = this.#tries.get(name) ?? 0
    if (tries >= TRIES) return NO_ANSWER
    try {
      const answer = await this.#session.call(name, args)
      if (!this.known.has(name)) this.known.set(name, !(isFault(answer) && answer.faultCode === 9000))
      return answer
    } catch (error) {
      if (!(error instanceof ConformanceFailure)) throw error
      this.#tries.set(name, tries + 1)
      if (!this.failures.has(name)) this.failures.set(name, error.message)
      this.#session = await this.#reopen()
      return NO_ANSWER
    }
  }

  /** Ends the session as far as the device lets itself be ended. */
  async end(): Promise<void> {
    try {
      await this.#session.end()
    } catch (error) {
      if (!(error instanceof ConformanceFailure)) throw error
      this.#session.abort()
    }
  }
}
