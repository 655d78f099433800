import { CWMP_1_2, SOAP_ENCODING, SOAP_ENVELOPE, XSD, XSI } from '../../cwmp/cwmp.ts'
import { escapeAttribute, escapeText } from '../../cwmp/xml.ts'
import type { ArgumentNode } from './case.ts'
import { ROW } from './target.ts'

/** An element of a request in the making: whatever it is made of can be made wrong. */
export interface DraftNode {
  /** With its prefix, if any. */
  name: string
  /** Raw, with a space before each. */
  attributes: string
  /** Raw XML before the children. */
  text: string
  children: DraftNode[]
  /** Raw XML behind the children. */
  tail: string
}

/** An envelope in the making. */
export interface Draft {
  declaration: string
  /** Between declaration and root element. */
  prolog: string
  envelope: string
  soapNamespace: string
  cwmpNamespace: string
  /** Raw, with a space before each. */
  envelopeAttributes: string
  /** Raw header elements; undefined: no Header at all. */
  headers: string[] | undefined
  /** The method's element and its arguments. */
  request: DraftNode
  /** Raw XML in the Body, before and behind the request; the request is left out where `alone` is set. */
  before: string
  behind: string
  alone: string | undefined
  /** Raw XML behind the Body, and behind the root element. */
  afterBody: string
  epilog: string
  /** The whole as text is put through these, in order. */
  readonly asText: ((text: string) => string)[]
  /** How the text becomes octets; UTF-8 unless given. */
  asOctets: ((text: string) => Buffer) | undefined
  /** cwmp:IDs that the answer may have; undefined in it: none. */
  ids: (string | undefined)[]
}

/** The request as it should be. */
export function draftOf(
  rpc: string,
  args: readonly ArgumentNode[],
  {
    id,
    row,
    namespace,
    xmlDeclaration,
  }: { id: string; row: string; namespace: string; xmlDeclaration: boolean },
): Draft {
  return {
    declaration: xmlDeclaration ? '<?xml version="1.0" encoding="UTF-8"?>\n' : '',
    prolog: '',
    envelope: 'Envelope',
    soapNamespace: SOAP_ENVELOPE,
    cwmpNamespace: namespace || CWMP_1_2,
    envelopeAttributes: '',
    headers: [`<cwmp:ID soapenv:mustUnderstand="1">${escapeText(id)}</cwmp:ID>`],
    request: {
      name: `cwmp:${rpc}`,
      attributes: '',
      text: '',
      children: args.map((one) => nodeOf(one, row)),
      tail: '',
    },
    before: '',
    behind: '',
    alone: undefined,
    afterBody: '',
    epilog: '',
    asText: [],
    asOctets: undefined,
    ids: [id],
  }
}

function nodeOf({ name, text = '', children = [], array, type }: ArgumentNode, row: string): DraftNode {
  let attributes = type === undefined ? '' : ` xsi:type="${type}"`
  if (array !== undefined) attributes += ` soapenc:arrayType="${array}[${children.length}]"`
  return {
    name,
    attributes,
    text: escapeText(text.replaceAll(ROW, row)),
    children: children.map((one) => nodeOf(one, row)),
    tail: '',
  }
}

/** The draft as text, without what concerns the octets. */
export function writeDraft(draft: Draft): string {
  const { headers, before, behind, alone, afterBody } = draft
  const header = headers === undefined ? '' : `<soapenv:Header>${headers.join('')}</soapenv:Header>`
  const body = alone ?? `${before}${writeNode(draft.request)}${behind}`
  const namespaces =
    ` xmlns:soapenv="${draft.soapNamespace}" xmlns:soapenc="${SOAP_ENCODING}" xmlns:xsd="${XSD}" xmlns:xsi="${XSI}"` +
    ` xmlns:cwmp="${escapeAttribute(draft.cwmpNamespace)}"`
  const start = `<soapenv:${draft.envelope}${namespaces}${draft.envelopeAttributes}>`
  const text =
    `${draft.declaration}${draft.prolog}${start}${header}<soapenv:Body>${body}</soapenv:Body>${afterBody}` +
    `</soapenv:${draft.envelope}>${draft.epilog}`
  return draft.asText.reduce((whole, change) => change(whole), text)
}

function writeNode({ name, attributes, text, children, tail }: DraftNode): string {
  if (text === '' && tail === '' && children.length === 0) return `<${name}${attributes}/>`
  let inside = text
  for (const child of children) inside += writeNode(child)
  return `<${name}${attributes}>${inside}${tail}</${name}>`
}
