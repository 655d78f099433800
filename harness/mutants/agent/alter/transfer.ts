import type { AgentParts } from '../../../../reference-agent/agent.ts'
import type { Device } from '../../../../reference-agent/services/services.ts'
import { Completions } from '../../../../reference-agent/transfer/completions.ts'
import { DeviceContents } from '../../../../reference-agent/transfer/contents.ts'
import type { FileClient } from '../../../../reference-agent/transfer/file-client.ts'
import { Firmware } from '../../../../reference-agent/transfer/firmware.ts'
import type { TransferOrder, TransferRecord } from '../../../../reference-agent/transfer/record.ts'
import { Transfers } from '../../../../reference-agent/transfer/transfers.ts'
import { alterEnvelopes } from './wire.ts'

/** Means to break file transfers, from outside. */

type TransfersClass = new (...args: ConstructorParameters<typeof Transfers>) => Transfers
type CompletionsClass = new (...args: ConstructorParameters<typeof Completions>) => Completions
type ContentsClass = new (...args: ConstructorParameters<typeof DeviceContents>) => DeviceContents

/** Puts a subclass in place of the feature. */
export function alterTransfers(
  parts: AgentParts,
  subclass: (base: typeof Transfers, device: Device) => TransfersClass,
): void {
  parts.services.set('Transfers', (device) => new (subclass(Transfers, device))(device))
}

/** Changes what the ACS has ordered before it is taken. */
export function alterOrders(parts: AgentParts, alter: (order: TransferOrder) => TransferOrder): void {
  alterTransfers(
    parts,
    (Base) =>
      class extends Base {
        override order(order: TransferOrder): void {
          super.order(alter(order))
        }
      },
  )
}

/** Puts a subclass in place of what tells the ACS of transfers. */
export function alterCompletions(
  parts: AgentParts,
  subclass: (base: typeof Completions) => CompletionsClass,
): void {
  const Altered = subclass(Completions)
  alterTransfers(
    parts,
    (Base, device) =>
      class extends Base {
        protected override createCompletions(): Completions {
          return new Altered(device, this.records)
        }
      },
  )
}

/** Puts a subclass in place of what knows what files are good for. */
export function alterContents(
  parts: AgentParts,
  subclass: (base: typeof DeviceContents) => ContentsClass,
): void {
  const Altered = subclass(DeviceContents)
  alterTransfers(
    parts,
    (Base, device) =>
      class extends Base {
        protected override createContents(directory: string): DeviceContents {
          return new Altered(device, this.firmware, directory)
        }
      },
  )
}

/** Has something done besides when a transfer has ended. */
export function whenEnded(
  parts: AgentParts,
  also: (record: TransferRecord, device: Device) => void,
  instead = false,
): void {
  alterTransfers(
    parts,
    (Base, device) =>
      class extends Base {
        protected override ended(record: TransferRecord): void {
          if (!instead) super.ended(record)
          also(record, device)
        }
      },
  )
}

type Fetch = FileClient['fetch']
type Store = FileClient['store']

/** Puts `fetch` in place of the way to a file; its last argument is the proper one. */
export function alterFetch(
  parts: AgentParts,
  fetch: (...args: [...Parameters<Fetch>, properly: Fetch]) => Promise<void>,
): void {
  const { createFileClient } = parts
  parts.createFileClient = (protocol, options) => {
    const client = createFileClient(protocol, options)
    return {
      fetch: (file, sink, signal) => fetch(file, sink, signal, (...args) => client.fetch(...args)),
      store: (...args) => client.store(...args),
    }
  }
}

/** Puts `store` in place of the way of a file to its server; its last argument is the proper one. */
export function alterStore(
  parts: AgentParts,
  store: (...args: [...Parameters<Store>, properly: Store]) => Promise<void>,
): void {
  const { createFileClient } = parts
  parts.createFileClient = (protocol, options) => {
    const client = createFileClient(protocol, options)
    return {
      fetch: (...args) => client.fetch(...args),
      store: (file, content, signal) => store(file, content, signal, (...args) => client.store(...args)),
    }
  }
}

/** Changes the text of each TransferComplete that is sent. */
export function alterReports(parts: AgentParts, alter: (xml: string) => string): void {
  alterEnvelopes(parts, (xml) => (xml.includes('<cwmp:TransferComplete>') ? alter(xml) : xml))
}

/** Reports one fault code in place of another. */
export function reportAs(parts: AgentParts, code: number, other: number): void {
  alterReports(parts, (xml) =>
    xml.replace(`<FaultCode>${code}</FaultCode>`, `<FaultCode>${other}</FaultCode>`),
  )
}

type Method = Parameters<Transfers['order']>[0]['method']

/** Changes the orders of one method only. */
export function alterOrdersOf(
  parts: AgentParts,
  method: Method,
  alter: (order: TransferOrder) => TransferOrder,
): void {
  alterOrders(parts, (order) => (order.method === method ? alter(order) : order))
}

/** Puts a subclass in place of the two places for firmware. */
export function alterFirmware(
  parts: AgentParts,
  subclass: (base: typeof Firmware) => new (...args: ConstructorParameters<typeof Firmware>) => Firmware,
): void {
  const Altered = subclass(Firmware)
  alterTransfers(
    parts,
    (Base, device) =>
      class extends Base {
        protected override createFirmware(directory: string): Firmware {
          return new Altered(device, directory)
        }
      },
  )
}

/** Changes what the lists of queued transfers show. */
export function alterQueued(
  parts: AgentParts,
  alter: (queued: ReturnType<Transfers['queued']>) => ReturnType<Transfers['queued']>,
): void {
  alterTransfers(
    parts,
    (Base) =>
      class extends Base {
        override queued() {
          return alter(super.queued())
        }
      },
  )
}
