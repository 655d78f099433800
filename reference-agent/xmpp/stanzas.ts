/** Answers to IQ stanzas (RFC 6120 8.2.3, 8.3). None carries anything of what was asked: that may be a password. */
import { type Element, xml } from '@xmpp/client'
import { STANZA_ERRORS } from './namespaces.ts'

/** With the error types that RFC 6120 8.3.3 gives them. */
const ERROR_TYPES = {
  'bad-request': 'modify',
  'not-authorized': 'auth',
  'service-unavailable': 'cancel',
} as const

export type StanzaErrorCondition = keyof typeof ERROR_TYPES

export function resultOf(iq: Element): Element {
  return answerTo(iq, 'result')
}

export function errorOf(iq: Element, condition: StanzaErrorCondition): Element {
  const error = xml('error', { type: ERROR_TYPES[condition] }, xml(condition, { xmlns: STANZA_ERRORS }))
  return answerTo(iq, 'error', error)
}

function answerTo({ attrs: { id, from } }: Element, type: string, child?: Element): Element {
  return xml('iq', { type, id, to: from }, child)
}
