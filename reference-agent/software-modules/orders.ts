/** What the device remembers of operations on deployment units, from the order to the acknowledged report. */
import type { StateStore } from '../state/state.ts'
import type { DuOperation, DuResult } from './operation.ts'

export interface DuOrder {
  id: number
  /** Not ordered by the ACS. */
  autonomous?: true
  commandKey: string
  /** In their order; what is done with stays, without its credentials. */
  operations: readonly DuOperation[]
  /** Operations that are done with. */
  done: number
  /** Of the operations in their order, with the index of each. */
  results: readonly (DuResult & { operation: number })[]
}

const SECTION = 'softwareModules.orders'

interface Stored {
  next: number
  orders: readonly DuOrder[]
}

export function isComplete({ operations, done }: DuOrder): boolean {
  return done >= operations.length
}

/** The orders that are not done with, first come first. Every change is durable before the method returns; what the store throws is passed on. */
export class DuOrders {
  readonly #store: StateStore

  constructor(store: StateStore) {
    this.#store = store
  }

  get all(): readonly DuOrder[] {
    return this.#stored.orders
  }

  find(id: number): DuOrder | undefined {
    return this.all.find((each) => each.id === id)
  }

  add(order: Pick<DuOrder, 'autonomous' | 'commandKey' | 'operations'>): DuOrder {
    const { next, orders } = this.#stored
    const added: DuOrder = { ...order, id: next, done: 0, results: [] }
    this.#save({ next: next + 1, orders: [...orders, added] })
    return added
  }

  /** Notes results of the operation that is under way, and whether it is done with now. */
  note(id: number, results: readonly DuResult[], isDone: boolean): void {
    const { next, orders } = this.#stored
    const noted = orders.map((order) => {
      if (order.id !== id) return order
      const operation = order.done
      const operations = order.operations.map((each, index) =>
        isDone && index === operation ? withoutCredentials(each) : each,
      )
      const added = results.map((result) => ({ ...result, operation }))
      return {
        ...order,
        operations,
        done: operation + (isDone ? 1 : 0),
        results: [...order.results, ...added],
      }
    })
    this.#save({ next, orders: noted })
  }

  /** Forgets the results of an order that nobody is to hear of. */
  keepResults(id: number, isKept: (result: DuOrder['results'][number]) => boolean): void {
    const { next, orders } = this.#stored
    const kept = orders.map((order) =>
      order.id === id ? { ...order, results: order.results.filter(isKept) } : order,
    )
    this.#save({ next, orders: kept })
  }

  remove(ids: readonly number[]): void {
    const { next, orders } = this.#stored
    this.#save({ next, orders: orders.filter(({ id }) => !ids.includes(id)) })
  }

  get #stored(): Stored {
    return this.#store.get<Stored>(SECTION) ?? { next: 1, orders: [] }
  }

  #save(stored: Stored): void {
    this.#store.commit({ [SECTION]: stored })
  }
}

function withoutCredentials(operation: DuOperation): DuOperation {
  return operation.type === 'Uninstall' ? operation : { ...operation, username: '', password: '' }
}
