/** Named types of a data model, each from its base and its own narrowing of that. */
import { TYPE_NAMES, type TypeName } from '../types.ts'
import { childOf, childrenOf, type ModelElement } from './document.ts'
import { readFacets, type Syntax, type SyntaxContext } from './syntax.ts'

export class DataTypes {
  readonly #declared: ReadonlyMap<string, ModelElement>

  /** From the dataType elements below the document element. */
  constructor(document: ModelElement) {
    const declared = childrenOf(document, 'dataType').flatMap((element) => {
      const { name } = element.attributes
      return name === undefined ? [] : [[name, element] as const]
    })
    this.#declared = new Map(declared)
  }

  /** What a type element of a syntax allows: a base type, or a dataType with `ref`, narrowed further by what stands in it. */
  read(element: ModelElement, context: SyntaxContext): Syntax {
    const facets = readFacets(element, context)
    if (element.name !== 'dataType') return { type: element.name as TypeName, ...facets }
    const { ref, base } = element.attributes
    return { ...this.#named(ref ?? base ?? '', element, context, []), ...facets }
  }

  #named(name: string, at: ModelElement, context: SyntaxContext, users: readonly string[]): Syntax {
    // The agent knows the common types better than their patterns say.
    if (isOwn(name)) return { type: name }
    const declared = this.#declared.get(name)
    if (!declared) return context.refuse(at, `the type ${name || 'without a name'} is not declared`)
    if (users.includes(name)) return context.refuse(declared, `the type ${name} is based on itself`)
    const { base } = declared.attributes
    if (base !== undefined) {
      const facets = readFacets(declared, context)
      return { ...this.#named(base, declared, context, [...users, name]), ...facets }
    }
    const type = declared.children.find((child) => isOwn(child.name) || child.name === 'dataType')
    if (!type) return context.refuse(declared, `the type ${name} has no base`)
    const list = childOf(declared, 'list')
    return { ...this.read(type, context), ...(list && { list: {} }) }
  }
}

function isOwn(name: string): name is TypeName {
  return (TYPE_NAMES as readonly string[]).includes(name)
}
