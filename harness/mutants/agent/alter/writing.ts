import type { AgentParts } from '../../../../reference-agent/agent.ts'
import type { Assignment, ParameterTree, Rules } from '../../../../reference-agent/datamodel/datamodel.ts'
import { buildEnvelope, CwmpFault, type XmlElement } from '../../../../reference-agent/soap/soap.ts'
import { alterRpc } from './rpc.ts'

/** What the RPCs that change the device can do wrong. */

/** Puts other rules of the data model in place of some. */
export function alterRules(parts: AgentParts, replaced: (rules: Rules) => Partial<Rules>): void {
  parts.rules = Object.assign(Object.create(parts.rules), replaced(parts.rules))
}

/** Answers an RPC with another fault than it should, or throws what is to be granted. */
export function alterFault(parts: AgentParts, method: string, alter: (fault: CwmpFault) => CwmpFault): void {
  alterRpc(parts, method, (request, context, properly) => {
    try {
      return properly(request, context)
    } catch (error) {
      throw error instanceof CwmpFault ? alter(error) : error
    }
  })
}

/** Changes the Body of every fault as text. */
export function alterFaultBody(parts: AgentParts, alter: (xml: string) => string): void {
  parts.buildEnvelope = (body, options) =>
    buildEnvelope(body.includes('<cwmp:Fault>') ? alter(body) : body, options)
}

/** Loses or damages a section of the durable state at each boot. */
export function alterStateAtBoot<Section>(
  parts: AgentParts,
  section: string,
  alter: (state: Section) => Section | undefined,
): void {
  const { createStore } = parts
  parts.createStore = (directory, log) => {
    const store = createStore(directory, log)
    const state = store.get<Section>(section)
    if (state !== undefined) store.commit({ [section]: alter(state) })
    return store
  }
}

/** The request with the text of one argument changed. */
export function withText(request: XmlElement, name: string, alter: (text: string) => string): XmlElement {
  const children = request.children.map((child) =>
    child.name === name ? { ...child, text: alter(child.text) } : child,
  )
  return { ...request, children }
}

/** The request with every member of its array argument changed. */
export function withMembers(request: XmlElement, alter: (member: XmlElement) => XmlElement): XmlElement {
  const children = request.children.map((list) => ({ ...list, children: list.children.map(alter) }))
  return { ...request, children }
}

/** One request for each member of an array argument, all else being the same. */
export function memberByMember(request: XmlElement): XmlElement[] {
  return request.children.flatMap((list) =>
    list.children.map((member) => ({
      ...request,
      children: request.children.map((each) =>
        each === list ? { ...list, attributes: [], children: [member] } : each,
      ),
    })),
  )
}

/** The request with an empty element in place of an argument that is missing. */
export function withMissing(request: XmlElement, name: string, text = ''): XmlElement {
  if (request.children.some((child) => child.name === name)) return request
  const empty: XmlElement = { ...request, name, prefix: '', uri: '', attributes: [], children: [], text }
  return { ...request, children: [...request.children, empty] }
}

/** The ParameterKey that is stored now. */
export function parameterKeyOf(tree: ParameterTree): string {
  return tree.get('Device.ManagementServer.ParameterKey')?.value ?? ''
}

/** Sets what can be set, one by one, and gives back the first fault. */
export function setOneByOne(tree: ParameterTree, assignments: readonly Assignment[]): CwmpFault | undefined {
  const key = parameterKeyOf(tree)
  let first: CwmpFault | undefined
  for (const assignment of assignments) {
    try {
      tree.setValues([assignment], key)
    } catch (error) {
      if (!(error instanceof CwmpFault)) throw error
      first ??= error
    }
  }
  return first
}

/** As many characters of the front as fit into so many octets. */
export function cutToOctets(text: string, octets: number): string {
  const characters = [...text]
  while (Buffer.byteLength(characters.join('')) > octets) characters.pop()
  return characters.join('')
}
