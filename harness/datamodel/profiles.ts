import type { ElementReader } from './attributes.ts'
import type { ObjectModel, ParameterModel, ProfileModel } from './model.ts'
import type { ModelElement } from './xml-tree.ts'

/**
 * The profiles of a model, each with what those that it extends or is based on require.
 * @throws {DataModelError} for a profile that extends itself or one that is not there
 */
export function readProfiles(
  reader: ElementReader,
  model: ModelElement,
  known: {
    readonly objects: ReadonlyMap<string, ObjectModel>
    readonly parameters: ReadonlyMap<string, ParameterModel>
  },
): ReadonlyMap<string, ProfileModel> {
  const elements = new Map<string, ModelElement>()
  // Internal ones have no name of their own.
  for (const element of reader.children(model, 'profile')) {
    const { name } = element.attributes
    if (name !== undefined && name !== '') elements.set(name, element)
  }
  const profiles = new Map<string, ProfileModel>()
  const underWay = new Set<string>()
  const resolve = (name: string, from: ModelElement): ProfileModel => {
    const done = profiles.get(name)
    if (done) return done
    const element = elements.get(name)
    if (!element) reader.refuse(from, `there is no profile ${name}`)
    if (underWay.has(name)) reader.refuse(element, `profile ${name} extends itself`)
    underWay.add(name)
    const profile = { name, parameters: new Map<string, string>(), objects: new Map<string, string>() }
    const { extends: extended = '', base } = element.attributes
    for (const other of [base ?? '', ...extended.split(/\s+/)].filter((each) => each !== '')) {
      const { parameters, objects } = resolve(other, element)
      for (const [path, requirement] of parameters) profile.parameters.set(path, requirement)
      for (const [path, requirement] of objects) profile.objects.set(path, requirement)
    }
    const add = (parameter: ModelElement, object: string) => {
      const path = object + reader.name(parameter, 'ref')
      if (!known.parameters.has(path))
        reader.refuse(parameter, `profile ${name}: there is no parameter ${path}`)
      profile.parameters.set(path, parameter.attributes.requirement ?? 'readOnly')
    }
    for (const parameter of reader.children(element, 'parameter')) add(parameter, '')
    for (const object of reader.children(element, 'object')) {
      const path = reader.name(object, 'ref')
      if (!known.objects.has(path)) reader.refuse(object, `profile ${name}: there is no object ${path}`)
      profile.objects.set(path, object.attributes.requirement ?? 'notSpecified')
      for (const parameter of reader.children(object, 'parameter')) add(parameter, path)
    }
    profiles.set(name, profile)
    return profile
  }
  for (const [name, element] of elements) resolve(name, element)
  return profiles
}
