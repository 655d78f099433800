/** What a value, a write or a notification must satisfy. One rule, one method, so that each can be replaced alone. */
import type { Bounds, ParameterDefinition } from './definitions.ts'
import { canonicalForm } from './lexical.ts'
import type { ObjectNode, ParameterNode } from './nodes.ts'
import { isSentAtOnce, isToldInInform, isToldLightweight, opensSession } from './notification-values.ts'
import { type BaseType, emptyValueOf, isXsiTypeOf, typeOf } from './types.ts'

/** A received xsi:type; without uri its prefix was not declared. */
export interface XsiType {
  uri: string | undefined
  name: string
}

/** What rules may ask about the rest of the tree. */
export interface Surroundings {
  /** Kind of what stands at a path (objects with final dot), undefined for nothing. */
  kindAt(path: string): 'parameter' | 'object' | 'table' | 'instance' | undefined
  /** Whether every Inform carries a parameter at a path, which may have wildcards. */
  isForcedInform(path: string): boolean
  /** Whether a text has the form of a path, with `*` at most in place of instances. */
  isPattern(text: string): boolean
  /** Value of a parameter beside the given one; `#.` climbs one object. */
  valueNear(node: ParameterNode, relativePath: string): string | undefined
}

/** The base type that travels: lists are strings whatever their items are. */
export function wireTypeOf(definition: ParameterDefinition): BaseType {
  return definition.list ? 'string' : typeOf(definition.type).base
}

export class Rules {
  /** Whether the ACS may set a parameter now. */
  isWritable({ definition }: ParameterNode, wasWrittenByAcs: boolean): boolean {
    return (
      definition.access === 'readWrite' || (definition.access === 'writeOnceReadOnly' && !wasWrittenByAcs)
    )
  }

  /** Whether the ACS may add rows to a table and delete them. */
  isWritableTable({ schema }: ObjectNode): boolean {
    return schema.isTable && schema.definition.access === 'readWrite'
  }

  /** Whether a row would be one too many (9004). */
  isFull({ schema }: ObjectNode, rows: number): boolean {
    return rows >= (schema.definition.maxEntries ?? Number.POSITIVE_INFINITY)
  }

  /** The number of a new row: one that no row of the table ever had. */
  nextInstanceNumber(_numbersInUse: readonly number[], neverUsed: number): number {
    return neverUsed
  }

  /** What the ACS reads of a value. */
  shown({ definition }: ParameterNode, value: string): string {
    return definition.hidden ? emptyValueOf(wireTypeOf(definition)) : value
  }

  /** Whether the xsi:type of a received value agrees with the model (9006). A value without one is taken as the model's type. */
  acceptsXsiType(definition: ParameterDefinition, received: XsiType | undefined): boolean {
    return received === undefined || isXsiTypeOf(wireTypeOf(definition), received)
  }

  /** The canonical form of a received text; undefined when it is no value of the type (9006). */
  canonical(definition: ParameterDefinition, text: string): string | undefined {
    const value = canonicalForm(wireTypeOf(definition), text)
    if (value === undefined || !definition.list) {
      return definition.pathRef ? value?.replace(/\.$/, '') : value
    }
    return itemsOf(value)
      .map((item) => (definition.pathRef ? item.replace(/\.$/, '') : item))
      .join(',')
  }

  /** Why a canonical value is outside what its parameter allows (9007); undefined when it is inside. */
  violation(node: ParameterNode, value: string, surroundings: Surroundings): string | undefined {
    const { definition } = node
    const { list } = definition
    if (!list) return this.itemViolation(node, value, surroundings)
    const items = itemsOf(value)
    if (list.length && !isWithin([list.length], [...value].length)) return 'list too long'
    if (list.items && !isWithin([list.items], items.length)) return 'wrong number of items'
    for (const item of items) {
      const canonical = canonicalForm(typeOf(definition.type).base, item)
      if (canonical === undefined) return 'an item is not of the type of the list'
      const reason = this.itemViolation(node, canonical, surroundings)
      if (reason !== undefined) return reason
    }
    return undefined
  }

  itemViolation(node: ParameterNode, item: string, surroundings: Surroundings): string | undefined {
    const { definition } = node
    return (
      this.namedTypeViolation(definition, item) ??
      this.lengthViolation(definition, item) ??
      this.rangeViolation(definition, item) ??
      this.enumerationViolation(definition, item) ??
      this.patternViolation(definition, item) ??
      this.enumerationRefViolation(node, item, surroundings) ??
      this.pathRefViolation(definition, item, surroundings) ??
      this.informParameterViolation(node, item, surroundings)
    )
  }

  namedTypeViolation({ type }: ParameterDefinition, value: string): string | undefined {
    const { maxLength, accepts } = typeOf(type)
    if (maxLength !== undefined && [...value].length > maxLength) return 'too long'
    return accepts && !accepts(value) ? `not of the form of ${type}` : undefined
  }

  lengthViolation({ type, length }: ParameterDefinition, value: string): string | undefined {
    return length && !isWithin(length, lengthOf(typeOf(type).base, value)) ? 'length not allowed' : undefined
  }

  rangeViolation({ type, range }: ParameterDefinition, value: string): string | undefined {
    const number = typeOf(type).base === 'decimal' ? Number(value) : BigInt(range ? value : 0)
    return range && !isWithin(range, number) ? 'out of range' : undefined
  }

  enumerationViolation({ enumeration }: ParameterDefinition, value: string): string | undefined {
    return enumeration && !enumeration.includes(value) ? 'not one of the allowed values' : undefined
  }

  /** Whether a value is one that the ACS must not write, such as the end of a diagnosis (9007). */
  isReserved({ reserved }: ParameterDefinition, value: string): boolean {
    return reserved?.includes(value) === true
  }

  patternViolation({ patterns }: ParameterDefinition, value: string): string | undefined {
    return patterns && !patterns.some((each) => wholeMatch(each).test(value))
      ? 'pattern not matched'
      : undefined
  }

  enumerationRefViolation(
    node: ParameterNode,
    value: string,
    { valueNear }: Surroundings,
  ): string | undefined {
    const { enumerationRef } = node.definition
    if (!enumerationRef || value === enumerationRef.nullValue) return undefined
    const allowed = itemsOf(valueNear(node, enumerationRef.targetParam) ?? '')
    return allowed.includes(value) ? undefined : `not one of ${enumerationRef.targetParam}`
  }

  pathRefViolation(
    { pathRef }: ParameterDefinition,
    value: string,
    { kindAt }: Surroundings,
  ): string | undefined {
    if (!pathRef || value === '') return undefined
    const { targetParent, targetType, refType } = pathRef
    const isBelow =
      targetParent?.some((parent) => value.startsWith(parent) && value.length > parent.length) ?? true
    if (!isBelow) return `not in ${targetParent?.join(' or ')}`
    if (refType === 'weak') return undefined
    const kind = targetType === 'parameter' ? kindAt(value) : (kindAt(`${value}.`) ?? kindAt(value))
    const wanted = { row: 'instance', single: 'object', parameter: 'parameter', any: kind }[targetType]
    return kind !== undefined && kind === wanted ? undefined : 'refers to nothing'
  }

  /** ManagementServer.InformParameter takes patterns of paths, but must not ask again for what every Inform carries anyway. */
  informParameterViolation(
    node: ParameterNode,
    value: string,
    surroundings: Surroundings,
  ): string | undefined {
    const isName =
      node.name === 'ParameterName' && /^[^.]+\.ManagementServer\.InformParameter\./.test(node.path)
    if (!isName || value === '') return undefined
    if (!surroundings.isPattern(value)) return 'no path in which only instances are wildcards'
    return surroundings.isForcedInform(value) ? 'part of every Inform' : undefined
  }

  /** The notification attribute in force. */
  notification({ definition }: ParameterNode, set: number | undefined): number {
    if (definition.activeNotify === 'forceEnabled') return 2
    return set ?? (definition.activeNotify === 'forceDefaultEnabled' ? 2 : 0)
  }

  /** Whether a notification attribute must be refused (9009). 3 to 6 need a lightweight notification protocol. */
  refusesNotification({ definition }: ParameterNode, notification: number, hasLightweight: boolean): boolean {
    if (definition.activeNotify === 'forceEnabled') return notification !== 2
    if (isToldLightweight(notification) && !hasLightweight) return true
    const isActive = opensSession(notification) || isSentAtOnce(notification)
    return isActive && definition.activeNotify === 'canDeny'
  }

  /** Whether a path that names a parameter among others leaves that parameter alone instead of being refused. */
  isSkippedInPartialPath({ definition }: ParameterNode): boolean {
    return definition.activeNotify === 'forceEnabled'
  }

  /** Whether a change of value has to be reported in an Inform. */
  isReported(notification: number): boolean {
    return isToldInInform(notification)
  }
}

function itemsOf(list: string): string[] {
  return list.trim() === '' ? [] : list.split(',').map((item) => item.trim())
}

function isWithin(all: readonly Bounds[], number: number | bigint): boolean {
  return all.some(([minimum, maximum]) => number >= (minimum ?? number) && number <= (maximum ?? number))
}

function lengthOf(base: BaseType, value: string): number {
  if (base === 'base64') return Buffer.from(value, 'base64').length
  return base === 'hexBinary' ? value.length / 2 : [...value].length
}

const compiled = new Map<string, RegExp>()

function wholeMatch(pattern: string): RegExp {
  const known = compiled.get(pattern)
  if (known) return known
  const expression = new RegExp(`^(?:${pattern})$`, 'su')
  compiled.set(pattern, expression)
  return expression
}
