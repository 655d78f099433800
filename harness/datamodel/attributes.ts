import { DataModelError, type ModelElement } from './xml-tree.ts'

/** Reads the attributes and children of one file's elements; whatever is wrong is said with file and line. */
export class ElementReader {
  readonly file: string

  constructor(file: string) {
    this.file = file
  }

  /** @throws {DataModelError} always */
  refuse(element: ModelElement, what: string): never {
    throw new DataModelError(this.file, element.line, what)
  }

  children(element: ModelElement, name: string): ModelElement[] {
    return element.children.filter((child) => child.name === name)
  }

  /** An attribute that has to be there. */
  required(element: ModelElement, name: string): string {
    const value = element.attributes[name]
    if (value === undefined) this.refuse(element, `<${element.name}> has no ${name}`)
    return value
  }

  /** A name or a reference; XML Schema calls for white space around it to be put aside. */
  name(element: ModelElement, name: string): string {
    return this.required(element, name).trim()
  }

  /** An attribute with one of some values; the first of them where it is not there. */
  oneOf<const Value extends string>(element: ModelElement, name: string, values: readonly Value[]): Value {
    const written = element.attributes[name]
    const found = written === undefined ? values[0] : values.find((value) => value === written)
    if (found === undefined)
      this.refuse(element, `${name} is one of ${values.join(', ')}, not ${JSON.stringify(written)}`)
    return found
  }

  integer(element: ModelElement, name: string): bigint | undefined {
    const written = element.attributes[name]
    if (written === undefined) return undefined
    // Bounds of decimal parameters may have a fraction; what is examined are the whole numbers.
    const whole = /^\s*([+-]?\d{1,40})(\.\d*)?\s*$/.exec(written)?.[1]
    if (whole === undefined) this.refuse(element, `${name} is a number, not ${JSON.stringify(written)}`)
    return BigInt(whole.replace('+', ''))
  }

  /** A number of things; `unbounded` is Infinity. */
  count(element: ModelElement, name: string, fallback: number): number {
    if (element.attributes[name] === 'unbounded') return Number.POSITIVE_INFINITY
    const number = this.integer(element, name)
    if (number !== undefined && number < 0n) this.refuse(element, `${name} is not negative`)
    return number === undefined ? fallback : Number(number)
  }

  /** An attribute of xs:boolean. */
  flag(element: ModelElement, name: string): boolean {
    return ['true', '1'].includes(this.oneOf(element, name, ['false', 'true', '0', '1']))
  }
}
