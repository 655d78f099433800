import { escapeText } from '../../cwmp/xml.ts'
import type { Breakage, OctetEdit, SoapCase } from './case.ts'
import { type Draft, type DraftNode, draftOf, writeDraft } from './draft.ts'
import { encodingChanges } from './encodings.ts'
import { bodyChanges, type EnvelopeChange, headerChanges, methodChanges } from './envelopes.ts'
import {
  anywhere,
  type Change,
  harsh,
  illFormed,
  inArrays,
  inOrders,
  inTexts,
  type Place,
} from './structure.ts'
import { LURE, ROW, type SoapTarget } from './target.ts'

/** What is known only when a case is sent. */
export interface Bindings {
  /** cwmp:ID of the request. */
  readonly id: string
  /** Instance number of the arena's own row. */
  readonly row: string
  readonly lure: string
}

/** What goes to the device. */
export interface Rendered {
  readonly body: string | Buffer
  /** cwmp:IDs that the answer may have; undefined among them: none. */
  readonly ids: readonly (string | undefined)[]
}

const places: Readonly<Record<string, Change>> = {
  ...anywhere,
  ...illFormed,
  ...harsh,
  ...inTexts,
  ...inArrays,
  ...inOrders,
}
const envelopes: Readonly<Record<string, EnvelopeChange>> = {
  ...methodChanges,
  ...headerChanges,
  ...bodyChanges,
  ...encodingChanges,
}

/** The octets of a case, the same each time. */
export function render(one: SoapCase, target: SoapTarget, { id, row, lure }: Bindings): Rendered {
  const draft = draftOf(one.rpc, one.arguments, { ...target, id, row })
  // Looked up before anything moves.
  const inPlaces = one.breakages.map((breakage) => ({ breakage, place: placeOf(draft, breakage.at) }))
  for (const { breakage, place } of inPlaces) if (place) changePlace(place, breakage, row)
  for (const { kind } of one.breakages) envelopes[kind]?.(draft)
  const text = writeDraft(draft).replaceAll(LURE, lure)
  const octets = draft.asOctets?.(text) ?? text
  if (!one.edits?.length) return { body: octets, ids: draft.ids }
  return { body: one.edits.reduce(editOctets, Buffer.from(octets as string)), ids: [] }
}

function placeOf(draft: Draft, at: readonly number[] | undefined): Place | undefined {
  let parent: DraftNode | undefined
  let node: DraftNode | undefined = draft.request
  if (at === undefined) return undefined
  for (const position of at) {
    parent = node
    node = parent?.children[position]
  }
  return node && parent && { node, parent }
}

function changePlace(place: Place, { kind, text }: Breakage, row: string): void {
  const change = places[kind]
  if (change) change(place)
  else if (text === undefined) return
  else if (kind.startsWith('type ')) {
    const type = text === '' ? '' : ` xsi:type="${text}"`
    place.node.attributes = place.node.attributes.replace(/ xsi:type="[^"]*"/, '') + type
  } else place.node.text = escapeText(text.replaceAll(ROW, row))
}

function editOctets(octets: Buffer, { do: what, at, by }: OctetEdit): Buffer {
  const place = Math.floor((at / 1_000_000) * octets.length)
  switch (what) {
    case 'flip': {
      const copy = Buffer.from(octets)
      copy[place] = (copy[place] ?? 0) ^ (1 << (by & 7))
      return copy
    }
    case 'cut':
      return Buffer.concat([octets.subarray(0, place), octets.subarray(place + by)])
    case 'repeat':
      return Buffer.concat([octets.subarray(0, place + by), octets.subarray(place)])
    default:
      return Buffer.concat([octets.subarray(0, place), Buffer.from([by & 255]), octets.subarray(place)])
  }
}
