import { gunzipSync } from 'node:zlib'
import { parseAuthentication, type RawAnswer } from '../../acs/acs.ts'
import { parseXml, type XmlElement, XmlError } from '../../cwmp/cwmp.ts'
import type { Facts } from './comparison.ts'
import { elementFacts, type XmlNormal } from './xml-facts.ts'

/** What the device can see of an ACS's answer: status, header fields, and the envelope; `undefined` stands for the end of the connection. */
export function acsAnswerFacts(answer: RawAnswer | undefined): Facts {
  if (answer === undefined) return { answer: 'the end of the connection' }
  const isCoded = /^content-encoding: *gzip/im.test(answer.head)
  const body = (isCoded ? gunzipSync(answer.body) : answer.body).toString()
  return {
    answer: `HTTP status ${answer.status}`,
    ...fieldFacts(answer.head),
    ...bodyFacts(body, isEnvelope(answer.head)),
  }
}

/** Fields of which only the presence is told: what they say is new each time, follows from the body, or names a version. */
const presenceOnly = ['date', 'content-length', 'server', 'soapserver']

function fieldFacts(head: string): Record<string, string> {
  const fields = head
    .split('\r\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])
  return Object.fromEntries(
    fields.map(([name = '', value = '']) => [`field ${name}`, shownField(name, value)]),
  )
}

function shownField(name: string, value: string): string {
  if (presenceOnly.includes(name)) return 'some'
  if (name === 'set-cookie') return value.replace(/=[^;]*/, '=…')
  if (name !== 'www-authenticate') return value
  return parseAuthentication(value)
    .map(({ scheme, parameters }) => {
      const shown = [...parameters]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, given]) => (['nonce', 'realm'].includes(key) ? `${key}=…` : `${key}=${given}`))
      return `${scheme} ${shown.join(' ')}`
    })
    .join(', ')
}

function isEnvelope(head: string): boolean {
  return /^content-type: *text\/xml/im.test(head)
}

function bodyFacts(body: string, isXml: boolean): Record<string, string> {
  if (!isXml) return { body: body === '' ? 'none' : 'some words' }
  const isRequest = !/<(\w+:)?(\w+Response|Fault)[ >/]/.test(body)
  return {
    body: body.startsWith('<?xml') ? 'XML with a declaration' : 'XML without a declaration',
    ...envelopeFacts(body, isRequest ? requestNormal : answerNormal),
  }
}

function envelopeFacts(body: string, normal: XmlNormal): Record<string, string> {
  try {
    const root = parseXml(body)
    return elementFacts(root, root.name, normal)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return { 'what is wrong': error.message }
  }
}

/** The value of a QName without its prefix, which each end draws for itself. */
function withoutPrefix(_element: XmlElement, _name: string, value: string): string {
  return value.replace(/^[\w-]+:(?=\w)/, '').replace(/\[\d+\]/, '[n]')
}

const answerNormal: XmlNormal = {
  attribute: withoutPrefix,
  text: ({ name, text }) =>
    name === 'FaultString' ? 'some words' : name === 'faultcode' ? text.replace(/^.*:/, '') : text.trim(),
}

const requestNormal: XmlNormal = {
  attribute: withoutPrefix,
  // The ACS draws the id of its request.
  text: ({ name, text }) => (name === 'ID' ? 'some' : text.trim()),
}
