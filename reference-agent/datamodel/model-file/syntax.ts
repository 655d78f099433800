/** What a parameter may hold, from its syntax element (TR-106 Annex A). */
import type { Bounds, ParameterDefinition } from '../definitions.ts'
import { TYPE_NAMES, type TypeName } from '../types.ts'
import type { DataTypes } from './data-types.ts'
import { childOf, childrenOf, type ModelElement } from './document.ts'
import { resolveReference } from './references.ts'

/** The part of a parameter's definition that its type gives. */
export type Syntax = Pick<
  ParameterDefinition,
  | 'type'
  | 'list'
  | 'length'
  | 'range'
  | 'enumeration'
  | 'reserved'
  | 'patterns'
  | 'hidden'
  | 'trigger'
  | 'pathRef'
  | 'enumerationRef'
>

/** Where a syntax stands: relative references start from its object. */
export interface SyntaxContext {
  readonly dataTypes: DataTypes
  /** Path of the object, `Device.IP.Interface.{i}.`. */
  readonly object: string
  /** Path of the root object, `Device.`. */
  readonly root: string
  refuse(element: ModelElement, reason: string): never
}

/** Reads a syntax element. Calls `refuse` for a type that is not known. */
export function readSyntax(syntax: ModelElement, context: SyntaxContext): Syntax {
  const list = childOf(syntax, 'list')
  const type = syntax.children.find(({ name }) => name === 'dataType' || isTypeName(name))
  if (!type) return context.refuse(syntax, 'a type is expected in syntax')
  const { hidden, command, secured } = syntax.attributes
  const isHidden = [hidden, command, secured].includes('true')
  const read = context.dataTypes.read(type, context)
  return {
    ...read,
    ...(list && { list: readList(list, context) }),
    ...(isHidden && { hidden: true as const }),
    // What has values of the device's own beside those that the ACS writes is a state that the ACS asks for.
    ...((command === 'true' || read.reserved) && { trigger: true as const }),
  }
}

/** Facets and references inside a type element, without the type itself. */
export function readFacets(type: ModelElement, context: SyntaxContext): Omit<Syntax, 'type'> {
  const values = (name: string) => childrenOf(type, name).flatMap(({ attributes }) => attributes.value ?? [])
  const enumeration = values('enumeration')
  const reserved = childrenOf(type, 'enumeration').flatMap(({ attributes }) =>
    attributes.access === 'readOnly' ? (attributes.value ?? []) : [],
  )
  const patterns = values('pattern')
  const length = childrenOf(type, 'size').map((size) => bounds(size, 'minLength', 'maxLength', context))
  const range = childrenOf(type, 'range').map((each) => bounds(each, 'minInclusive', 'maxInclusive', context))
  const pathRef = childOf(type, 'pathRef')
  const enumerationRef = childOf(type, 'enumerationRef')?.attributes
  return {
    ...(enumeration.length > 0 && { enumeration }),
    ...(reserved.length > 0 && { reserved }),
    ...(patterns.length > 0 && { patterns: patterns.map(asUnicodeExpression) }),
    ...(length.length > 0 && { length }),
    ...(range.length > 0 && { range }),
    ...(pathRef && { pathRef: readPathRef(pathRef, context) }),
    ...(enumerationRef?.targetParam !== undefined && {
      enumerationRef: {
        targetParam: enumerationRef.targetParam,
        ...(enumerationRef.nullValue !== undefined && { nullValue: enumerationRef.nullValue }),
      },
    }),
  }
}

function isTypeName(name: string): name is TypeName {
  return (TYPE_NAMES as readonly string[]).includes(name)
}

function readList(list: ModelElement, context: SyntaxContext): NonNullable<ParameterDefinition['list']> {
  const size = childOf(list, 'size')
  const items = bounds(list, 'minItems', 'maxItems', context)
  return {
    ...(size && { length: bounds(size, 'minLength', 'maxLength', context) }),
    ...(items.some((bound) => bound !== null) && { items }),
  }
}

function bounds(element: ModelElement, minimum: string, maximum: string, context: SyntaxContext): Bounds {
  const numberOf = (name: string): number | null => {
    const text = element.attributes[name]
    if (text === undefined || text === 'unbounded') return null
    return /^\s*[+-]?\d+(\.\d+)?\s*$/.test(text)
      ? Number(text)
      : context.refuse(element, `${name} is no number`)
  }
  return [numberOf(minimum), numberOf(maximum)]
}

function readPathRef(
  { attributes }: ModelElement,
  context: SyntaxContext,
): NonNullable<ParameterDefinition['pathRef']> {
  const { refType, targetType, targetParent, targetParentScope } = attributes
  const isKnown = targetType === 'row' || targetType === 'single' || targetType === 'parameter'
  const parents = targetParent?.split(/[\s,]+/).filter(Boolean) ?? []
  const resolved = parents.map((parent) => resolveReference(parent, targetParentScope, context))
  // Instances on the way are any: a target parent with them cannot be compared by its text.
  const comparable = resolved.every((parent) => !parent.includes('{i}'))
  return {
    refType: refType === 'strong' ? 'strong' : 'weak',
    targetType: isKnown ? targetType : 'any',
    ...(resolved.length > 0 && comparable && { targetParent: resolved }),
  }
}

/** A pattern of XML Schema as one of ECMAScript with the flag u, which refuses escapes that XML Schema has. */
function asUnicodeExpression(pattern: string): string {
  // In XML Schema ^ and $ are letters, and - : @ may be escaped.
  const adapted = pattern.replace(/\\([-:@#%&=!<>"'`~,; _/])|\\.|\[\^|[\^$]/g, (match, needless: string) => {
    if (needless !== undefined) return needless === '-' ? '\\x2d' : needless
    return match === '^' || match === '$' ? `\\${match}` : match
  })
  try {
    new RegExp(adapted, 'u')
    return adapted
  } catch {
    // What ECMAScript cannot say is not checked rather than refused.
    return '.*'
  }
}
