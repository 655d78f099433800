/** Execution units: which of them run, and what the ACS may ask of them. */
import type { Device } from '../services/service.ts'
import { EXECUTION_UNITS, type Inventory, type Unit } from './inventory.ts'

export class Execution {
  readonly #device: Device
  readonly #inventory: Inventory

  constructor(device: Device, inventory: Inventory) {
    this.#device = device
    this.#inventory = inventory
  }

  /** After a boot: what starts by itself runs, and nothing else does. */
  start(): void {
    for (const path of this.#device.tree.rows(EXECUTION_UNITS)) {
      this.watch(path)
      if (this.startsItself(path)) this.activate(path)
      else this.idle(path)
    }
  }

  /** Has requests for an execution unit in a disabled environment refused. */
  watch(path: string): void {
    this.#device.tree.guard(`${path}RequestedState`, () =>
      this.isEnabled(path) ? undefined : 'its execution environment is disabled',
    )
  }

  unwatch(path: string): void {
    this.#device.tree.guard(`${path}RequestedState`, undefined)
  }

  /** RequestedState was written. */
  requested(path: string): void {
    const wanted = this.#device.tree.get(`${path}RequestedState`)?.value
    if (wanted === 'Active') this.activate(path)
    else this.idle(path)
  }

  /** An environment was enabled or disabled: what is in it starts or stops. */
  environmentChanged(environment: string): void {
    for (const path of this.#device.tree.rows(EXECUTION_UNITS)) {
      if (this.#read(`${path}ExecutionEnvRef`) !== environment) continue
      if (this.startsItself(path)) this.activate(path)
      else if (!this.isEnabled(path)) this.idle(path)
    }
  }

  /** What a unit needs came or went: it runs no longer without. */
  dependenciesChanged(): void {
    for (const unit of this.#inventory.units) {
      const resolved = this.#inventory.isResolved(unit)
      if (resolved === unit.resolved) continue
      this.#device.tree.setLocally(`${unit.path}Resolved`, String(resolved))
      for (const path of unit.executionUnits.map((each) => `${each}.`)) {
        if (resolved) this.#fault(path, 'NoFault', '')
        else if (this.#read(`${path}Status`) === 'Active') this.#failDependency(path)
      }
    }
  }

  /** Stops the execution units of a unit. Gives those that ran. */
  suspend(unit: Unit): string[] {
    const running = unit.executionUnits.map((each) => `${each}.`).filter((path) => this.#isActive(path))
    for (const path of running) this.idle(path)
    return running
  }

  /** What runs in an environment. Paths without the final dot. */
  activeIn(environment: string): string[] {
    return this.#device.tree
      .rows(EXECUTION_UNITS)
      .filter((path) => this.#isActive(path) && this.#read(`${path}ExecutionEnvRef`) === environment)
      .map((path) => path.slice(0, -1))
  }

  activate(path: string): void {
    if (!this.isEnabled(path)) return
    const unit = this.#inventory.units.find(({ executionUnits }) =>
      executionUnits.includes(path.slice(0, -1)),
    )
    if (unit && !unit.resolved) this.#failDependency(path)
    else {
      this.#fault(path, 'NoFault', '')
      this.#device.tree.setLocally(`${path}Status`, 'Active')
    }
  }

  idle(path: string): void {
    this.#device.tree.setLocally(`${path}Status`, 'Idle')
  }

  protected startsItself(path: string): boolean {
    return this.#read(`${path}AutoStart`) === 'true' && this.isEnabled(path)
  }

  protected isEnabled(path: string): boolean {
    return this.#read(`${this.#read(`${path}ExecutionEnvRef`)}.Enable`) === 'true'
  }

  #isActive(path: string): boolean {
    return this.#read(`${path}Status`) === 'Active'
  }

  #failDependency(path: string): void {
    this.idle(path)
    this.#fault(path, 'DependencyFailure', 'a unit that it requires is not installed')
  }

  #fault(path: string, code: string, message: string): void {
    this.#device.tree.setAllLocally({
      [`${path}ExecutionFaultCode`]: code,
      [`${path}ExecutionFaultMessage`]: message,
    })
  }

  #read(path: string): string {
    return this.#device.tree.get(path)?.value ?? ''
  }
}
