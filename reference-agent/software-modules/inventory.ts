/** The objects of Device.SoftwareModules: what is installed, where, and what runs. */
import type { Device } from '../services/service.ts'
import { DuFault } from './operation.ts'
import type { UnitFile } from './unit-file.ts'

export const ENVIRONMENTS = 'Device.SoftwareModules.ExecEnv.'
const UNITS = 'Device.SoftwareModules.DeploymentUnit.'
export const EXECUTION_UNITS = 'Device.SoftwareModules.ExecutionUnit.'

export interface Environment {
  /** With the final dot. */
  path: string
  name: string
  type: string
  isEnabled: boolean
}

export interface Unit {
  /** With the final dot. */
  path: string
  uuid: string
  duid: string
  name: string
  vendor: string
  version: string
  url: string
  status: string
  /** Path of its environment, without the final dot. */
  environment: string
  resolved: boolean
  /** Paths without the final dot. */
  executionUnits: readonly string[]
}

/** What the data model has no parameter for, by DUID. */
interface Detail {
  requires: readonly string[]
  size: number
}

const SECTION = 'softwareModules.units'
const KIBIBYTE = 1024
const MOST_UNITS = 64

export class Inventory {
  readonly #device: Device

  constructor(device: Device) {
    this.#device = device
  }

  get environments(): Environment[] {
    return this.#device.tree.rows(ENVIRONMENTS).map((path) => ({
      path,
      name: this.read(`${path}Name`),
      type: this.read(`${path}Type`),
      isEnabled: this.read(`${path}Enable`) === 'true',
    }))
  }

  /** The environment that a reference names, whether or not it names the root object and ends with a dot; the first one without a reference. Throws DuFault 9023. */
  environment(reference: string | undefined): Environment {
    const wanted = reference === undefined || reference === '' ? undefined : fullPath(reference)
    const found = this.environments.find(({ path }) => wanted === undefined || path === wanted)
    if (!found) throw new DuFault(9023)
    return found
  }

  get units(): Unit[] {
    return this.#device.tree.rows(UNITS).map((path) => ({
      path,
      uuid: this.read(`${path}UUID`),
      duid: this.read(`${path}DUID`),
      name: this.read(`${path}Name`),
      vendor: this.read(`${path}Vendor`),
      version: this.read(`${path}Version`),
      url: this.read(`${path}URL`),
      status: this.read(`${path}Status`),
      environment: this.read(`${path}ExecutionEnvRef`),
      resolved: this.read(`${path}Resolved`) === 'true',
      executionUnits: listOf(this.read(`${path}ExecutionUnitList`)),
    }))
  }

  unitAt(path: string): Unit | undefined {
    return this.units.find((each) => each.path === path)
  }

  /** Kibibytes that the units of an environment take up. */
  spaceUsed({ path }: Environment): number {
    const units = this.units.filter(({ environment }) => `${environment}.` === path)
    return units.reduce((sum, { duid }) => sum + kibibytes(this.#details[duid]?.size ?? 0), 0)
  }

  /** Throws DuFault 9027 when a unit would be too much for its environment; `replaced` makes room for it. */
  checkRoom(environment: Environment, file: UnitFile, replaced?: Unit): void {
    const available = Number(this.read(`${environment.path}AllocatedDiskSpace`))
    const freed = replaced ? kibibytes(this.#details[replaced.duid]?.size ?? 0) : 0
    const needed = this.spaceUsed(environment) - freed + kibibytes(file.size)
    if (available >= 0 && needed > available) throw new DuFault(9027, 'no room in the environment')
    if (!replaced && this.units.length >= MOST_UNITS) throw new DuFault(9027, 'too many units')
  }

  /** Adds a unit with the execution unit that comes with it. */
  add(file: UnitFile, unit: { uuid: string; duid: string; url: string }, environment: Environment): Unit {
    const { tree } = this.#device
    const { name, vendor, version } = file
    const ref = environment.path.slice(0, -1)
    const number = tree.addRowLocally(UNITS, {
      UUID: unit.uuid,
      DUID: unit.duid,
      Name: name,
      Vendor: vendor,
      Version: version,
      URL: unit.url,
      Status: 'Installed',
      ExecutionEnvRef: ref,
      Installed: this.now,
      LastUpdate: this.now,
    })
    const execution = tree.addRowLocally(EXECUTION_UNITS, {
      EUID: `${environment.name}-${unit.duid}`.slice(0, 64),
      Name: name,
      ExecEnvLabel: unit.duid,
      Vendor: vendor,
      Version: version,
      DiskSpaceInUse: String(kibibytes(file.size)),
      ExecutionEnvRef: ref,
    })
    const path = `${UNITS}${number}.`
    tree.setLocally(`${path}ExecutionUnitList`, `${EXECUTION_UNITS}${execution}`)
    this.#note(unit.duid, file)
    return this.#known(path)
  }

  /** Gives a unit and its execution units the content of another file. */
  replace(unit: Unit, file: UnitFile, url: string): Unit {
    const values: Record<string, string> = {
      [`${unit.path}Version`]: file.version,
      [`${unit.path}URL`]: url,
      [`${unit.path}Status`]: 'Installed',
      [`${unit.path}LastUpdate`]: this.now,
    }
    for (const each of unit.executionUnits) {
      values[`${each}.Version`] = file.version
      values[`${each}.DiskSpaceInUse`] = String(kibibytes(file.size))
    }
    this.#device.tree.setAllLocally(values)
    this.#note(unit.duid, file)
    return this.#known(unit.path)
  }

  /** Removes a unit with its execution units. */
  remove(unit: Unit): void {
    const { tree, store } = this.#device
    for (const each of unit.executionUnits) tree.deleteRowLocally(`${each}.`)
    tree.deleteRowLocally(unit.path)
    const { [unit.duid]: _, ...others } = this.#details
    store.commit({ [SECTION]: others })
  }

  setStatus(unit: Unit, status: 'Installed' | 'Updating'): void {
    this.#device.tree.setLocally(`${unit.path}Status`, status)
  }

  /** Whether everything that a unit needs is installed where it is. */
  isResolved(unit: Unit): boolean {
    const neighbours = this.units.filter(({ environment }) => environment === unit.environment)
    const requires = this.#details[unit.duid]?.requires ?? []
    return requires.every((name) => neighbours.some((each) => each.name === name))
  }

  private read(path: string): string {
    return this.#device.tree.get(path)?.value ?? ''
  }

  private get now(): string {
    return `${new Date(this.#device.clock.now()).toISOString().slice(0, 19)}Z`
  }

  #known(path: string): Unit {
    const unit = this.unitAt(path)
    if (!unit) throw new Error(`${path} is gone`)
    return unit
  }

  get #details(): Readonly<Record<string, Detail>> {
    return this.#device.store.get(SECTION) ?? {}
  }

  #note(duid: string, { requires, size }: UnitFile): void {
    this.#device.store.commit({ [SECTION]: { ...this.#details, [duid]: { requires, size } } })
  }
}

function fullPath(reference: string): string {
  const named = reference.startsWith('.') ? `Device${reference}` : reference
  return named.endsWith('.') ? named : `${named}.`
}

function listOf(text: string): string[] {
  return text === '' ? [] : text.split(',')
}

function kibibytes(octets: number): number {
  return Math.ceil(octets / KIBIBYTE)
}
