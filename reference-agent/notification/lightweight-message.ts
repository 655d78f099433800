/** UDP lightweight notifications on the wire (TR-069 Annex M). */
import { createHmac } from 'node:crypto'
import type { ParameterValue } from '../datamodel/datamodel.ts'
import { escapeXml, SOAP_ENCODING, XSD, XSI } from '../soap/soap.ts'

const NAMESPACE = 'urn:broadband-forum-org:cwmp:lwnotif-1-0'

export interface LightweightNotification {
  /** Seconds since the Unix epoch. */
  timestamp: number
  /** ManagementServer.Username */
  username: string
  /** Random text. */
  cnonce: string
  oui: string
  productClass: string
  serialNumber: string
  /** At least one. */
  parameters: readonly ParameterValue[]
}

/** The XML of a message: a Notification element with its children in the order that its schema lays down. */
export function notificationXml(notification: LightweightNotification): string {
  const { timestamp, username, cnonce, oui, productClass, serialNumber, parameters } = notification
  const head = Object.entries({
    TS: String(timestamp),
    UN: username,
    CN: cnonce,
    OUI: oui,
    ProductClass: productClass,
    SerialNumber: serialNumber,
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<lwn:Notification xmlns:lwn="${NAMESPACE}" xmlns:soap-enc="${SOAP_ENCODING}" xmlns:xsd="${XSD}" xmlns:xsi="${XSI}">`,
    ...head.map(([name, value]) => `<lwn:${name}>${escapeXml(value)}</lwn:${name}>`),
    ...parameters.map(
      ({ path, value, type }) =>
        `<lwn:Param><lwn:Name>${escapeXml(path)}</lwn:Name><lwn:Value xsi:type="${type}">${escapeXml(value)}</lwn:Value></lwn:Param>`,
    ),
    '</lwn:Notification>',
  ].join('')
}

/** HMAC-SHA1 of a message under ManagementServer.Password, in 40 upper-case hexadecimal digits. */
export function signatureOf(xml: string, password: string): string {
  return createHmac('sha1', password).update(xml).digest('hex').toUpperCase()
}

/** The datagram: an HTTP POST whose body is the message. `authority` is host and port. */
export function datagramOf(xml: string, authority: string, signature: string): Buffer {
  const lines = [
    'POST / HTTP/1.1',
    `Host: ${authority}`,
    'Content-Type: text/xml; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(xml)}`,
    `Signature: ${signature}`,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${xml}`)
}
