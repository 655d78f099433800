import { attribute, child, type XmlElement } from '../../cwmp/cwmp.ts'

const STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas'

/** `result`, or the condition of an error. */
export function answerName(answer: XmlElement): string {
  if (attribute(answer, '', 'type') === 'result') return 'result'
  const error = child(answer, 'error')
  return (
    error?.children.find(({ uri, name }) => uri === STANZAS && name !== 'text')?.name ??
    'an error without a condition'
  )
}
