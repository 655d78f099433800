import type { AcsSession } from '../../harness/acs/acs.ts'
import { test as conformanceTest } from '../../harness/conformance.ts'
import {
  type DataModel,
  modelPath,
  type ParameterModel,
  readDataModel,
} from '../../harness/datamodel/datamodel.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import { isObject } from '../rpc/parameter-names.ts'
import { listNames, readAll } from '../rpc/parameter-tree.ts'

/** A data model as the profile presents it. */
export interface ExaminedModel extends DataModel {
  /** Whether the device has all that the file defines, or may lack a part of it. */
  readonly isWhole: boolean
}

/** A parameter that the device has. */
export interface Subject {
  readonly name: string
  /** As GetParameterNames says. */
  readonly writable: boolean
  readonly value: string
  /** xsi:type of the value. */
  readonly type: string
}

/** A parameter that the model defines, too. */
export interface KnownSubject extends Subject {
  readonly model: ParameterModel
}

/** What the device has below its root, as one read-out shows it. */
export interface Survey {
  /** Objects with the dot at the end, and whether they are writable. */
  readonly objects: ReadonlyMap<string, boolean>
  readonly parameters: readonly Subject[]
}

const read = new Map<string, DataModel>()

function modelOf({ dataModel }: Profile): ExaminedModel | undefined {
  if (!dataModel) return undefined
  const { file, kind } = dataModel
  const model = read.get(file) ?? readDataModel(file)
  read.set(file, model)
  return { ...model, isWhole: kind === undefined ? model.kind === 'deviceType' : kind === 'device' }
}

/** The `test` of cases that hold the device against a data model: `model` is that of the profile, and without one the case is N/A. */
export const test = conformanceTest.extend('model', ({ cpe, task, skip }): ExaminedModel => {
  const model = modelOf(cpe.profile)
  if (model) return model
  task.meta.notApplicable = 'the profile names no data model'
  return skip()
})

/** Reads out all that the device has below its root. */
export async function survey(session: AcsSession, root: string): Promise<Survey> {
  const names = await listNames(session, root, false)
  const values = new Map((await readAll(session, root)).map((one) => [one.Name, one]))
  const objects = names.filter(({ Name }) => isObject(Name))
  const parameters = names.flatMap(({ Name, Writable }) => {
    const one = values.get(Name)
    return one ? [{ name: Name, writable: Writable, value: one.Value, type: one.type }] : []
  })
  return { objects: new Map(objects.map(({ Name, Writable }) => [Name, Writable])), parameters }
}

/** The parameters that the model defines. */
export function knownIn({ parameters }: Survey, model: DataModel): KnownSubject[] {
  return parameters.flatMap((subject) => {
    const found = model.parameters.get(modelPath(subject.name))
    return found ? [{ ...subject, model: found }] : []
  })
}

/** Whether a parameter shows what it holds: hidden ones and commands read as nothing. */
export function isShown({ model }: KnownSubject): boolean {
  return !model.hidden && !model.command
}
