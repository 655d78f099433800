import fc from 'fast-check'
import type { Breakage } from '../breakage/breakage.ts'
import type { CrMessage } from './message.ts'
import type { CrRule } from './rules.ts'

/** What the breakages of a connection request over HTTP have in common. */

export type CrBreakage = Breakage<CrMessage, CrRule>

const syntax = 'RFC 9112 3: syntax of a request; TR-069 3.2.2'
export const open: CrRule = { effect: 'open', clause: syntax }
/** It may be taken for no request, and be answered by nothing at all. */
export const unreadable: CrRule = { effect: 'open', maySilent: true, clause: syntax }

/** Characters of all kinds that fit into one octet. */
export const octetText = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
})
export const visible = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })
/** Octets of what is too long. */
export const sizes = ['100', '1000', '20000', '200000']
