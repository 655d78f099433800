import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { validateXML } from 'xmllint-wasm'
import { attribute, childText, parseXml, XSI } from '../cwmp/cwmp.ts'

/** A lightweight notification as it came in one datagram (TR-069 Annex M). Read tolerantly: what is missing is empty. */
export interface LightweightNotification {
  readonly atMs: number
  /** The line before the headers; empty when the datagram begins with the XML. */
  readonly requestLine: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** TS: seconds since the Unix epoch. */
  readonly timestamp: string
  /** UN: ManagementServer.Username. */
  readonly username: string
  /** CN: a random string. */
  readonly nonce: string
  readonly oui: string
  readonly productClass: string
  readonly serialNumber: string
  readonly parameters: ReadonlyMap<string, { readonly value: string; readonly type: string }>
}

/** Reads a datagram: request line and headers, with CRLF or LF, an empty line, the XML. */
export function readLightweight(datagram: Buffer, atMs: number): LightweightNotification {
  const text = datagram.toString()
  const [head = '', body = ''] = text.startsWith('<') ? ['', text] : splitOnce(text, /\r?\n\r?\n/)
  const [requestLine = '', ...lines] = head.split(/\r?\n/)
  const headers = lines.map((line) => {
    const [name = '', value = ''] = splitOnce(line, /:\s*/)
    return [name, value.trim()] as const
  })
  return { atMs, requestLine, headers, body, ...readBody(body) }
}

/** The value of a header, whatever the case of its name. */
export function headerOf({ headers }: LightweightNotification, name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1]
}

/** Whether the header Signature is the HMAC-SHA1 of the body, in hexadecimal digits of either case. */
export function isSigned(notification: LightweightNotification, password: string): boolean {
  const expected = createHmac('sha1', password).update(notification.body).digest()
  const given = Buffer.from(headerOf(notification, 'Signature') ?? '', 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** What is wrong with the body by our schema of Annex M; nothing for a valid one. */
export async function lightweightIssues({ body }: LightweightNotification): Promise<string[]> {
  const contents = await readFile(new URL('schemas/lightweight-notification.xsd', import.meta.url), 'utf8')
  const { errors } = await validateXML({
    xml: [{ fileName: 'notification.xml', contents: body }],
    schema: { fileName: 'lightweight-notification.xsd', contents },
  })
  return errors.map(({ message }) => message)
}

type Content = Omit<LightweightNotification, 'atMs' | 'requestLine' | 'headers' | 'body'>

function readBody(body: string): Content {
  const parameters = new Map<string, { value: string; type: string }>()
  try {
    const root = parseXml(body)
    for (const param of root.children.filter(({ name }) => name === 'Param')) {
      const value = param.children.find(({ name }) => name === 'Value')
      const type = (value && attribute(value, XSI, 'type')) ?? ''
      parameters.set(childText(param, 'Name') ?? '', { value: value?.text ?? '', type })
    }
    const text = (name: string) => childText(root, name) ?? ''
    return {
      timestamp: text('TS'),
      username: text('UN'),
      nonce: text('CN'),
      oui: text('OUI'),
      productClass: text('ProductClass'),
      serialNumber: text('SerialNumber'),
      parameters,
    }
  } catch {
    // No XML: the schema says so, and whoever looks for a value finds none.
    const none = { timestamp: '', username: '', nonce: '', oui: '', productClass: '', serialNumber: '' }
    return { ...none, parameters }
  }
}

function splitOnce(text: string, separator: RegExp): [string, string] {
  const match = separator.exec(text)
  return match ? [text.slice(0, match.index), text.slice(match.index + match[0].length)] : [text, '']
}
