/** Carries out operations on deployment units, each judged for itself. */
import type { Device } from '../services/service.ts'
import type { Execution } from './execution.ts'
import type { Environment, Inventory, Unit } from './inventory.ts'
import {
  DuFault,
  type DuOperation,
  type DuResult,
  type InstallOperation,
  NO_UUID,
  type UninstallOperation,
  type UpdateOperation,
} from './operation.ts'
import { parseUnitFile, type UnitFile } from './unit-file.ts'
import { checkedUrl, type UnitFiles } from './unit-files.ts'
import { isUuid, uuidOfUnit } from './uuid.ts'
import { compareVersions } from './version.ts'

/** Changes the inventory, within the commit that notes the results. */
export type Effect = () => readonly DuResult[]

/** A part of an operation that is carried out and noted as a whole. Rejects only with the reason of the signal. */
export type Step = (signal: AbortSignal) => Promise<Effect>

export interface OperatorParts {
  device: Device
  inventory: Inventory
  execution: Execution
  files: UnitFiles
}

export class Operator {
  protected readonly parts: OperatorParts
  /** Paths of units that are being updated. */
  readonly #busy = new Set<string>()

  constructor(parts: OperatorParts) {
    this.parts = parts
  }

  /** What is left to do of an operation, when that was done for some units (paths without the final dot) before a power cut. */
  steps(operation: DuOperation, settled: ReadonlySet<string>): Step[] {
    switch (operation.type) {
      case 'Install':
        return [this.step(operation, (signal, start) => this.install(operation, signal, start))]
      case 'Uninstall':
        return [this.step(operation, async (_, start) => this.uninstall(operation, start))]
      case 'Update':
        return this.updates(operation, settled)
    }
  }

  /** Faults become results. */
  protected step(
    operation: DuOperation,
    work: (signal: AbortSignal, start: number) => Promise<Effect>,
    unit?: Unit,
  ): Step {
    return async (signal) => {
      const start = this.now
      try {
        return await work(signal, start)
      } catch (error) {
        signal.throwIfAborted()
        const fault = this.asFault(error)
        return () => [this.failed(operation, fault, start, unit)]
      }
    }
  }

  protected async install(operation: InstallOperation, signal: AbortSignal, start: number): Promise<Effect> {
    const { inventory, files } = this.parts
    this.checkUuid(operation.uuid)
    checkedUrl(operation.url)
    this.checkEnabled(inventory.environment(operation.executionEnvRef))
    const content = await files.fetch(operation, signal)
    const file = parseUnitFile(content)
    const uuid = operation.uuid ?? uuidOfUnit(file.vendor, file.name)
    return () => {
      try {
        const environment = inventory.environment(operation.executionEnvRef)
        this.checkEnabled(environment)
        this.checkType(file, environment)
        this.checkIsNew(uuid, file.version, environment)
        inventory.checkRoom(environment, file)
        return [this.succeeded(this.added(operation, uuid, file, content, environment), 'Installed', start)]
      } catch (error) {
        return [this.failed({ ...operation, uuid }, this.asFault(error), start)]
      }
    }
  }

  protected added(
    { url }: InstallOperation,
    uuid: string,
    file: UnitFile,
    content: Buffer,
    environment: Environment,
  ): Unit {
    const { device, inventory, execution, files } = this.parts
    const duid = `du-${device.parts.random.token(6)}`
    files.keep(duid, content)
    const unit = inventory.add(file, { uuid, duid, url }, environment)
    for (const each of unit.executionUnits) execution.watch(`${each}.`)
    return unit
  }

  protected updates(operation: UpdateOperation, settled: ReadonlySet<string>): Step[] {
    try {
      const targets = this.targetsOf(operation)
      return targets
        .filter(({ path }) => !settled.has(path.slice(0, -1)))
        .map((unit) =>
          this.step(operation, (signal, start) => this.update(operation, unit, signal, start), unit),
        )
    } catch (error) {
      // After a power cut everything that is left may have gone meanwhile.
      return settled.size > 0 ? [] : [this.step(operation, () => Promise.reject(error))]
    }
  }

  /** The units that an update is for. Throws DuFault 9022, 9003, 9013, 9028 or 9031. */
  protected targetsOf({ uuid, url, version }: UpdateOperation): Unit[] {
    this.checkUuid(uuid)
    if (url !== undefined) checkedUrl(url)
    const meant = this.parts.inventory.units.filter((unit) =>
      uuid === undefined ? url === undefined || unit.url === url : isSame(unit.uuid, uuid),
    )
    const found = meant.filter((unit) => version === undefined || unit.version === version)
    if (found.length === 0) throw new DuFault(9028)
    const isOneUnit = uuid !== undefined || url !== undefined
    if (isOneUnit && new Set(found.map((unit) => unit.version)).size > 1) throw new DuFault(9031)
    return found
  }

  protected async update(
    operation: UpdateOperation,
    { path }: Unit,
    signal: AbortSignal,
    start: number,
  ): Promise<Effect> {
    const { device, inventory, execution, files } = this.parts
    const unit = this.installed(path)
    this.checkEnabled(inventory.environment(unit.environment))
    const url = operation.url ?? unit.url
    const { username, password } = operation
    const running = device.store.together(() => {
      inventory.setStatus(unit, 'Updating')
      return execution.suspend(unit)
    })
    this.#busy.add(path)
    const fetched = await files.fetch({ url, username, password }, signal).catch((error: Error) => error)
    signal.throwIfAborted()
    return () => {
      this.#busy.delete(path)
      try {
        if (!(fetched instanceof Buffer)) throw fetched
        const updated = this.replaced(unit, fetched, url)
        return [this.succeeded(updated, 'Installed', start)]
      } catch (error) {
        inventory.setStatus(unit, 'Installed')
        return [this.failed(operation, this.asFault(error), start, unit)]
      } finally {
        for (const each of running) execution.activate(each)
      }
    }
  }

  protected replaced(unit: Unit, content: Buffer, url: string): Unit {
    const { inventory, files } = this.parts
    const file = parseUnitFile(content)
    const environment = inventory.environment(unit.environment)
    this.checkEnabled(environment)
    if (file.name !== unit.name || file.vendor !== unit.vendor) throw new DuFault(9018, 'it is another unit')
    this.checkType(file, environment)
    this.checkIsNewer(unit, file.version)
    inventory.checkRoom(environment, file, unit)
    files.keep(unit.duid, content)
    return inventory.replace(unit, file, url)
  }

  protected uninstall(operation: UninstallOperation, start: number): Effect {
    this.checkUuid(operation.uuid)
    return () => {
      try {
        const units = this.installedUnits(operation)
        return units.map((unit) => {
          this.removed(unit)
          return this.succeeded(unit, 'Uninstalled', start)
        })
      } catch (error) {
        return [this.failed(operation, this.asFault(error), start)]
      }
    }
  }

  /** The units that are to go. Throws DuFault 9024, 9028 or 9029. */
  protected installedUnits({ uuid, version, executionEnvRef }: UninstallOperation): Unit[] {
    const { inventory } = this.parts
    const place = executionEnvRef ? this.environmentOfUnit(executionEnvRef).path : undefined
    const units = inventory.units.filter(
      (unit) =>
        isSame(unit.uuid, uuid) &&
        (version === undefined || unit.version === version) &&
        (place === undefined || `${unit.environment}.` === place),
    )
    if (units.length === 0) throw new DuFault(9028)
    for (const { path, environment } of units) {
      this.installed(path)
      this.checkEnabled(inventory.environment(environment))
    }
    return units
  }

  protected removed(unit: Unit): void {
    const { inventory, execution } = this.parts
    execution.suspend(unit)
    for (const each of unit.executionUnits) execution.unwatch(`${each}.`)
    inventory.remove(unit)
  }

  /** The environment in which a unit is said to be: in one that is not there it is not known either. */
  protected environmentOfUnit(reference: string): Environment {
    try {
      return this.parts.inventory.environment(reference)
    } catch {
      throw new DuFault(9028)
    }
  }

  /** A unit with which something can be done. Throws DuFault 9028 or 9029. */
  protected installed(path: string): Unit {
    const unit = this.parts.inventory.unitAt(path)
    if (!unit) throw new DuFault(9028)
    if (this.#busy.has(path)) throw new DuFault(9029, unit.status)
    return unit
  }

  protected checkUuid(uuid: string | undefined): void {
    if (uuid !== undefined && !isUuid(uuid)) throw new DuFault(9022)
  }

  protected checkEnabled({ isEnabled }: Environment): void {
    if (!isEnabled) throw new DuFault(9024)
  }

  protected checkType({ type }: UnitFile, environment: Environment): void {
    if (type !== undefined && type !== environment.type) throw new DuFault(9025)
  }

  protected checkIsNew(uuid: string, version: string, { path }: Environment): void {
    const isThere = this.parts.inventory.units.some(
      (unit) => isSame(unit.uuid, uuid) && unit.version === version && `${unit.environment}.` === path,
    )
    if (isThere) throw new DuFault(9026)
  }

  protected checkIsNewer(unit: Unit, version: string): void {
    const versions = this.parts.inventory.units
      .filter(({ uuid, environment }) => isSame(uuid, unit.uuid) && environment === unit.environment)
      .map((each) => each.version)
    if (versions.includes(version)) throw new DuFault(9032)
    if (compareVersions(version, unit.version) < 0) throw new DuFault(9030)
  }

  protected succeeded(unit: Unit, state: 'Installed' | 'Uninstalled', startTime: number): DuResult {
    return {
      uuid: unit.uuid,
      unitRef: unit.path.slice(0, -1),
      version: unit.version,
      state,
      resolved: state === 'Installed' ? this.parts.inventory.isResolved(unit) : unit.resolved,
      executionUnits: unit.executionUnits,
      startTime,
      completeTime: this.now,
    }
  }

  protected failed(operation: DuOperation, fault: DuFault, startTime: number, unit?: Unit): DuResult {
    const { uuid = '' } = operation
    return {
      uuid: unit?.uuid ?? (isUuid(uuid) ? uuid : NO_UUID),
      unitRef: unit?.path.slice(0, -1) ?? '',
      version: unit?.version ?? ('version' in operation ? (operation.version ?? '') : ''),
      state: 'Failed',
      resolved: unit?.resolved ?? false,
      executionUnits: unit?.executionUnits ?? [],
      startTime,
      completeTime: this.now,
      fault: { code: fault.code, text: fault.message },
    }
  }

  /** What went wrong, as a fault; anything unexpected is no more than a refusal, and stands in the log. */
  protected asFault(error: unknown): DuFault {
    if (error instanceof DuFault) return error
    this.parts.device.log.about('software modules').error(`${(error as Error).stack}`)
    return new DuFault(9001)
  }

  protected get now(): number {
    return this.parts.device.clock.now()
  }
}

function isSame(uuid: string, other: string): boolean {
  return uuid.toLowerCase() === other.toLowerCase()
}
