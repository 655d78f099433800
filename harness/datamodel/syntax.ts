import type { ElementReader } from './attributes.ts'
import type { BaseType, EnumeratedValue, ListSyntax, PathReference, Range, Syntax } from './model.ts'
import type { ModelElement } from './xml-tree.ts'

const BASE_TYPES: readonly BaseType[] = [
  'string',
  'int',
  'unsignedInt',
  'long',
  'unsignedLong',
  'boolean',
  'dateTime',
  'base64',
  'hexBinary',
  'decimal',
]

/** Looks up named data types, each resolved down to its base type. */
export type TypeLookup = (name: string, from: ModelElement) => Syntax

/** What an element restricts; what it does not speak of stays as it is in the type it derives from. */
type Facets = Partial<Omit<Syntax, 'base' | 'list' | 'typeName'>>

/**
 * The syntax of a parameter. `typeOf` resolves named types.
 * @throws {DataModelError} for a type that is not there, or facets that make no sense
 */
export function readSyntax(reader: ElementReader, element: ModelElement, typeOf: TypeLookup): Syntax {
  const [list] = reader.children(element, 'list')
  const item = readType(reader, element, typeOf)
  return list ? { ...item, list: readList(reader, list) } : item
}

/** The type that stands in a syntax: a base type with facets, or a named one, perhaps narrowed. */
function readType(reader: ElementReader, element: ModelElement, typeOf: TypeLookup): Syntax {
  const [named] = reader.children(element, 'dataType')
  if (named) {
    const name = named.attributes.ref ?? named.attributes.base
    if (name === undefined) reader.refuse(named, '<dataType> has neither ref nor base')
    return { ...typeOf(name, named), ...readFacets(reader, named), typeName: name }
  }
  const primitive = element.children.find(({ name }) => BASE_TYPES.some((base) => base === name))
  if (!primitive) reader.refuse(element, `<${element.name}> names no data type`)
  return primitiveType(reader, primitive)
}

/** A top-level `<dataType name="…">`: on its base, or from a base type. */
export function readNamedType(reader: ElementReader, element: ModelElement, typeOf: TypeLookup): Syntax {
  const { name, base } = element.attributes
  const primitive = element.children.find((child) => BASE_TYPES.some((type) => type === child.name))
  if (primitive) return { ...primitiveType(reader, primitive), typeName: name ?? '' }
  if (base === undefined) reader.refuse(element, `data type ${name} has neither a base nor a type in it`)
  return { ...typeOf(base, element), ...readFacets(reader, element), typeName: name ?? '' }
}

function primitiveType(reader: ElementReader, element: ModelElement): Syntax {
  const open = { sizes: [], ranges: [], enumeration: [], patterns: [] }
  return { ...open, base: element.name as BaseType, ...readFacets(reader, element) }
}

function readFacets(reader: ElementReader, element: ModelElement): Facets {
  const alive = element.children.filter(({ attributes }) => attributes.status !== 'deleted')
  const all = (name: string) => alive.filter((child) => child.name === name)
  const sizes = all('size').map((size) => range(reader, size, 'minLength', 'maxLength'))
  const ranges = all('range').map((each) => range(reader, each, 'minInclusive', 'maxInclusive'))
  const enumeration = all('enumeration').map((each) => enumerated(reader, each))
  const patterns = all('pattern').map((pattern) => checkedPattern(reader, pattern))
  const [pathRef] = all('pathRef')
  const [enumerationRef] = all('enumerationRef')
  const [units] = all('units')
  return {
    ...(sizes.length > 0 ? { sizes } : {}),
    ...(ranges.length > 0 ? { ranges } : {}),
    ...(enumeration.length > 0 ? { enumeration } : {}),
    ...(patterns.length > 0 ? { patterns } : {}),
    ...(pathRef ? { pathRef: readPathRef(reader, pathRef) } : {}),
    ...(enumerationRef ? { enumerationRef: readEnumerationRef(reader, enumerationRef) } : {}),
    ...(units ? { units: reader.required(units, 'value') } : {}),
  }
}

function readList(reader: ElementReader, list: ModelElement): ListSyntax {
  const minItems = reader.count(list, 'minItems', 0)
  const maxItems = reader.count(list, 'maxItems', Number.POSITIVE_INFINITY)
  if (minItems > maxItems) reader.refuse(list, `minItems ${minItems} is above maxItems ${maxItems}`)
  const sizes = reader.children(list, 'size').map((size) => range(reader, size, 'minLength', 'maxLength'))
  return { minItems, maxItems, sizes }
}

function range(reader: ElementReader, element: ModelElement, least: string, most: string): Range {
  const min = reader.integer(element, least)
  const max = reader.integer(element, most)
  if (min !== undefined && max !== undefined && min > max)
    reader.refuse(element, `${least} ${min} is above ${most} ${max}`)
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
}

function enumerated(reader: ElementReader, element: ModelElement): EnumeratedValue {
  return {
    value: reader.required(element, 'value'),
    access: reader.oneOf(element, 'access', ['readWrite', 'readOnly']),
    optional: reader.flag(element, 'optional'),
  }
}

function checkedPattern(reader: ElementReader, element: ModelElement): string {
  const pattern = reader.required(element, 'value')
  try {
    new RegExp(pattern, 'u')
  } catch {
    reader.refuse(element, `value is a regular expression, not ${JSON.stringify(pattern)}`)
  }
  return pattern
}

function readPathRef(reader: ElementReader, element: ModelElement): PathReference {
  return {
    // A device type says nothing about how strong a reference is.
    refType: reader.oneOf(element, 'refType', ['weak', 'strong']),
    targetType: element.attributes.targetType ?? 'any',
    targetParents: (element.attributes.targetParent ?? '').split(/\s+/).filter((each) => each !== ''),
  }
}

function readEnumerationRef(reader: ElementReader, element: ModelElement): Syntax['enumerationRef'] & object {
  const { nullValue } = element.attributes
  return {
    targetParam: reader.required(element, 'targetParam'),
    ...(nullValue === undefined ? {} : { nullValue }),
  }
}
