import type { CommandMembers } from '../control/control.ts'
import type { ParameterChange } from '../datamodel/datamodel.ts'
import { type EventCall, EventCalls } from '../services/event-calls.ts'
import type { CpeService, Device } from '../services/service.ts'
import type { EventStruct } from '../session/session.ts'
import { CwmpFault } from '../soap/soap.ts'
import { autonomousDuStateChangeComplete, duStateChangeComplete } from './calls.ts'
import { Execution } from './execution.ts'
import { ENVIRONMENTS, EXECUTION_UNITS, Inventory } from './inventory.ts'
import { localOperation } from './local-operation.ts'
import type { DuOperation } from './operation.ts'
import { Operator, type OperatorParts } from './operator.ts'
import { type DuOrder, DuOrders, isComplete } from './orders.ts'
import { isWanted } from './policy.ts'
import { UnitFiles } from './unit-files.ts'

/** Operations in one ChangeDUState, and orders that are remembered. */
const MOST_OPERATIONS = 16
const MOST_ORDERS = 16

const COMPLETE = '11 DU STATE CHANGE COMPLETE'
const AUTONOMOUS = '12 AUTONOMOUS DU STATE CHANGE COMPLETE'

/** Software modules: takes orders to install, update and uninstall deployment units, and reports what became of them (TR-069 A.4.1.10, A.4.2.3, A.4.2.4). */
export class SoftwareModules implements CpeService {
  readonly commands = { du: (members: CommandMembers) => this.orderLocally(localOperation(members)) }
  protected readonly device: Device
  protected readonly inventory: Inventory
  protected readonly execution: Execution
  protected readonly files: UnitFiles
  protected readonly operator: Operator
  protected readonly orders: DuOrders
  protected readonly calls: EventCalls
  readonly #running = new Map<number, Promise<void>>()
  readonly #abort = new AbortController()

  constructor(device: Device) {
    this.device = device
    this.inventory = new Inventory(device)
    this.execution = new Execution(device, this.inventory)
    this.files = new UnitFiles(device)
    this.orders = new DuOrders(device.store)
    const { inventory, execution, files } = this
    this.operator = this.createOperator({ device, inventory, execution, files })
    this.calls = new EventCalls({
      device,
      waiting: () => this.orders.all.filter(isComplete).map(callOf),
      answered: (id) => this.orders.remove([id]),
    })
  }

  start(): void {
    this.files.keepOnly(this.inventory.units.map(({ duid }) => duid))
    for (const unit of this.inventory.units) this.inventory.setStatus(unit, 'Installed')
    this.provideLiveValues()
    this.execution.start()
    this.calls.start()
    this.proceed()
  }

  async stop(): Promise<void> {
    this.#abort.abort(new Error('the device goes down'))
    this.calls.stop()
    await Promise.all(this.#running.values())
  }

  changed({ path }: ParameterChange): void {
    const [, object, name] = /^(.*\.)(\w+)$/.exec(path) ?? []
    if (object?.startsWith(EXECUTION_UNITS) && name === 'RequestedState') this.execution.requested(object)
    if (object?.startsWith(ENVIRONMENTS) && name === 'Enable')
      this.execution.environmentChanged(object.slice(0, -1))
  }

  /** The old ACS hears no more of what has ended; what it has ordered goes on, and its end is told to the new one. */
  bootstrapped(): void {
    this.orders.remove(this.orders.all.filter(isComplete).map(({ id }) => id))
  }

  informing(events: readonly EventStruct[]): void {
    this.calls.informing(events)
  }

  sessionEnded(): void {
    this.calls.sessionEnded()
    this.proceed()
  }

  /** Takes an order of the ACS, durably; it is carried out after the session. Throws CwmpFault 9003 or 9004. */
  order(operations: readonly DuOperation[], commandKey: string): void {
    this.checkRoom(operations.length)
    this.take({ operations, commandKey })
  }

  /** An order of somebody next to the device. Throws CwmpFault 9004. */
  orderLocally(operation: DuOperation): object {
    this.checkRoom(1)
    this.take({ operations: [operation], commandKey: '', autonomous: true })
    this.proceed()
    return {}
  }

  protected checkRoom(operations: number): void {
    if (operations > MOST_OPERATIONS) throw new CwmpFault(9004, `more than ${MOST_OPERATIONS} operations`)
    if (this.orders.all.length >= MOST_ORDERS) throw new CwmpFault(9004, 'too many orders wait')
  }

  protected take(order: Pick<DuOrder, 'operations' | 'commandKey' | 'autonomous'>): void {
    for (const operation of order.operations) {
      if (operation.type !== 'Uninstall') this.device.log.mask(operation.password)
    }
    this.orders.add(order)
  }

  protected createOperator(parts: OperatorParts): Operator {
    return new Operator(parts)
  }

  /** Begins what waits, but not while a session runs. */
  protected proceed(): void {
    if (this.#abort.signal.aborted || this.device.inSession) return
    for (const order of this.orders.all) {
      if (isComplete(order) || this.#running.has(order.id)) continue
      const done = this.carryOut(order.id)
        .catch((error: Error) => this.log.error(`order ${order.id} is left for later: ${error.message}`))
        .finally(() => this.#running.delete(order.id))
      this.#running.set(order.id, done)
    }
  }

  /** Carries out what is left of an order, one operation after the other. */
  protected async carryOut(id: number): Promise<void> {
    const { signal } = this.#abort
    for (let order = this.orders.find(id); order && !isComplete(order); order = this.orders.find(id)) {
      const { operations, done, results } = order
      const operation = operations[done]
      if (!operation) return
      const noted = results.filter((result) => result.operation === done)
      const steps = this.operator.steps(operation, new Set(noted.map(({ unitRef }) => unitRef)))
      if (steps.length === 0) this.orders.note(id, [], true)
      for (const [index, step] of steps.entries()) {
        let effect: Awaited<ReturnType<typeof step>>
        try {
          effect = await step(signal)
        } catch {
          return
        }
        if (signal.aborted) return
        this.device.store.together(() => {
          const settled = effect()
          this.execution.dependenciesChanged()
          this.orders.note(id, settled, index === steps.length - 1)
          this.ended(id)
        })
      }
    }
    this.files.keepOnly(this.inventory.units.map(({ duid }) => duid))
  }

  /** Reports an order, when it has come to its end. */
  protected ended(id: number): void {
    const order = this.orders.find(id)
    if (!order || !isComplete(order)) return
    for (const { unitRef, state, fault } of order.results)
      this.log.info(`${unitRef || 'deployment unit'}: ${state} ${fault?.text ?? ''}`)
    if (order.autonomous) this.orders.keepResults(id, (result) => this.isWanted(order, result))
    if (this.orders.find(id)?.results.length === 0) this.orders.remove([id])
    else this.calls.announce()
  }

  protected isWanted({ operations }: DuOrder, result: DuOrder['results'][number]): boolean {
    const type = operations[result.operation]?.type
    return type !== undefined && isWanted(this.device.tree, type, result)
  }

  private provideLiveValues(): void {
    const { tree } = this.device
    for (const environment of this.inventory.environments) {
      const { path } = environment
      tree.provide(`${path}AvailableDiskSpace`, () => {
        const allocated = Number(tree.get(`${path}AllocatedDiskSpace`)?.value)
        return String(allocated - this.inventory.spaceUsed(environment))
      })
      tree.provide(`${path}ActiveExecutionUnits`, () => this.execution.activeIn(path.slice(0, -1)).join(','))
    }
  }

  private get log() {
    return this.device.log.about('software modules')
  }
}

function callOf(order: DuOrder): EventCall {
  return order.autonomous
    ? {
        id: order.id,
        event: { EventCode: AUTONOMOUS, CommandKey: '' },
        method: 'AutonomousDUStateChangeComplete',
        body: autonomousDuStateChangeComplete(order),
      }
    : {
        id: order.id,
        event: { EventCode: 'M ChangeDUState', CommandKey: order.commandKey },
        companion: COMPLETE,
        method: 'DUStateChangeComplete',
        body: duStateChangeComplete(order),
      }
}
