import type { CwmpFault, RequestOf, ResponseOf, RpcName } from '../../cwmp/cwmp.ts'
import type { Spoiling } from './commands.ts'
import type { Contact, CpeRequest, RequestAnswer } from './line.ts'
import type { Event, ModelCpe, Transfer } from './model-cpe.ts'

/** CWMP's way to say that a time is not known. */
export const UNKNOWN_TIME = '0001-01-01T00:00:00Z'

/** A session of a model CPE: the Inform is made when it begins. */
export class ModelSession implements Contact {
  readonly inform: RequestOf<'Inform'>
  readonly url: string
  readonly atMs: number
  readonly #cpe: ModelCpe
  readonly #told: readonly Event[]
  readonly #changed: readonly string[]
  /** Transfers that the Inform tells; each is here until it is reported. */
  readonly #reportable: Transfer[]
  #onRequest: (request: CpeRequest) => RequestAnswer = () => 'properly'
  #isOpen = false

  constructor(cpe: ModelCpe) {
    this.#cpe = cpe
    this.url = cpe.url
    this.atMs = cpe.now()
    this.#told = [...cpe.events]
    this.#changed = [...cpe.changed]
    this.#reportable = cpe.reportable(this.#told)
    const names = new Set(['Device.ManagementServer.ParameterKey', 'Device.Forced', ...this.#changed])
    this.inform = {
      DeviceId: { Manufacturer: '', OUI: '', ProductClass: '', SerialNumber: '' },
      Event: cpe.list.map(({ code, key }) => ({ EventCode: code, CommandKey: key })),
      MaxEnvelopes: 1,
      CurrentTime: UNKNOWN_TIME,
      RetryCount: cpe.retryCount,
      ParameterList: [...names].map((Name) => ({ Name, Value: cpe.read(Name) ?? '', type: 'xsd:string' })),
    }
  }

  accept(onRequest: (request: CpeRequest) => RequestAnswer): void {
    this.#onRequest = onRequest
    this.#isOpen = true
    this.#cpe.isInSession = true
    this.#cpe.acknowledged(this.#told, this.#changed)
  }

  spoil(how: Spoiling): void {
    if (how === '8005') this.#cpe.askedAgain(this)
    else this.#cpe.failed()
  }

  async call<N extends RpcName>(name: N, args: RequestOf<N>): Promise<ResponseOf<N> | CwmpFault> {
    this.#report()
    return this.#cpe.answer(name, args as never) as ResponseOf<N> | CwmpFault
  }

  async end(how: 'properly' | '500'): Promise<void> {
    this.#report()
    this.#isOpen = false
    if (how === 'properly') this.#cpe.ended()
    else this.#cpe.failed()
  }

  cut(): void {
    if (!this.#isOpen || !this.#cpe.isInSession) return
    // Whatever was told and not reported is told again.
    for (const { code, key } of this.#reportable) this.#cpe.tell(code, key)
    this.#cpe.failed()
  }

  #report(): void {
    for (const transfer of this.#reportable.splice(0)) {
      const report = {
        CommandKey: transfer.key,
        FaultStruct: { FaultCode: transfer.isGood ? 0 : 9016, FaultString: '' },
        StartTime: UNKNOWN_TIME,
        CompleteTime: UNKNOWN_TIME,
      }
      let answer = this.#onRequest({ name: 'TransferComplete', report })
      while (answer !== 'properly') answer = this.#onRequest({ name: 'TransferComplete', report })
      this.#cpe.reported(transfer)
    }
  }
}
