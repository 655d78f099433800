import type { AgentParts } from '../../../../reference-agent/agent.ts'
import type { ParameterTree } from '../../../../reference-agent/datamodel/datamodel.ts'
import type { RpcContext } from '../../../../reference-agent/rpc/rpc.ts'
import type { XmlElement } from '../../../../reference-agent/soap/soap.ts'

/** Means to break one RPC of the reference agent from outside, and nothing else of it. */

type Handle = (request: XmlElement, context: RpcContext) => string

/** Puts `handle` in place of an RPC; its last argument is what the RPC does properly. */
export function alterRpc(
  parts: AgentParts,
  method: string,
  handle: (request: XmlElement, context: RpcContext, properly: Handle) => string,
): void {
  const handler = parts.rpcs.get(method)
  if (!handler) throw new Error(`the reference agent has no ${method}`)
  parts.rpcs.set(method, {
    method,
    handle: (request, context) => handle(request, context, (...args) => handler.handle(...args)),
  })
}

/** Changes the response element of an RPC as text. */
export function alterResponse(parts: AgentParts, method: string, alter: (xml: string) => string): void {
  alterRpc(parts, method, (request, context, properly) => alter(properly(request, context)))
}

/** Shows one RPC another data model than all the others see: some operations are replaced. */
export function alterTree(
  parts: AgentParts,
  method: string,
  operations: (tree: ParameterTree) => Partial<ParameterTree>,
): void {
  alterRpc(parts, method, (request, context, properly) => {
    const tree: ParameterTree = Object.assign(Object.create(context.tree), operations(context.tree))
    return properly(request, { ...context, tree })
  })
}

/** The request with an argument of these XML children in place of the one of that name, or in addition to the others. */
export function withArgument(
  request: XmlElement,
  name: string,
  text: string,
  strings?: string[],
): XmlElement {
  const element = (child: string, content: string, children: XmlElement[] = []): XmlElement => ({
    ...request,
    name: child,
    prefix: '',
    uri: '',
    attributes: [],
    text: content,
    children,
  })
  const members = strings?.map((each) => element('string', each)) ?? []
  const others = request.children.filter((child) => child.name !== name)
  return { ...request, children: [...others, element(name, text, members)] }
}

/** The ParameterNames of a request. */
export function namesIn(request: XmlElement): string[] {
  const list = request.children.find(({ name }) => name === 'ParameterNames')
  return list?.children.map(({ text }) => text) ?? []
}

/** The request with other ParameterNames. */
export function withNames(request: XmlElement, names: string[]): XmlElement {
  return withArgument(request, 'ParameterNames', '', names)
}
