import { SOAP_ENVELOPE } from '../../cwmp/cwmp.ts'
import type { EnvelopeChange } from './envelopes.ts'
import { LURE } from './target.ts'

const bomb = () => {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`,
  )
  return `<!ENTITY e0 "bomb">${levels.join('')}<!ENTITY e "&e9;">`
}
const withSubset =
  (subset: string, external = ''): EnvelopeChange =>
  (draft) => {
    draft.prolog += `<!DOCTYPE soapenv:Envelope${external}${subset === '' ? '' : ` [${subset}]`}>`
    if (!subset.includes('ENTITY e ')) return
    if (draft.headers) draft.headers[0] = '<cwmp:ID soapenv:mustUnderstand="1">&e;</cwmp:ID>'
    draft.ids = [undefined, '']
  }
const encoded =
  (encode: (text: string) => Buffer, label?: string): EnvelopeChange =>
  (draft) => {
    if (label !== undefined)
      draft.declaration = label === '' ? '' : `<?xml version="1.0" encoding="${label}"?>`
    draft.asOctets = encode
  }
const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()
const inserted =
  (...octets: number[]) =>
  (text: string): Buffer => {
    const whole = Buffer.from(text)
    const at = whole.lastIndexOf('</')
    return Buffer.concat([whole.subarray(0, at), Buffer.from(octets), whole.subarray(at)])
  }

/** How the document becomes octets, and what XML allows and SOAP does not. */
export const encodingChanges: Readonly<Record<string, EnvelopeChange>> = {
  'UTF-8 byte order mark': encoded((text) => Buffer.from(`\ufeff${text}`)),
  'UTF-16 little endian with mark': encoded((text) => Buffer.from(`\ufeff${text}`, 'utf16le'), 'UTF-16'),
  'UTF-16 big endian with mark': encoded((text) => swapped(`\ufeff${text}`), 'UTF-16'),
  'UTF-16 little endian without mark': encoded((text) => Buffer.from(text, 'utf16le'), 'UTF-16'),
  'UTF-16 big endian without mark': encoded((text) => swapped(text), 'UTF-16'),
  'UTF-32': encoded(
    (text) => Buffer.concat([...text].map((one) => Buffer.from([one.charCodeAt(0), 0, 0, 0]))),
    'UTF-32',
  ),
  'declared UTF-16 and is UTF-8': encoded((text) => Buffer.from(text), 'UTF-16'),
  'declared ISO 8859-1': encoded((text) => Buffer.from(text, 'latin1'), 'ISO-8859-1'),
  'declared US-ASCII': encoded((text) => Buffer.from(text), 'US-ASCII'),
  'declared encoding unknown': encoded((text) => Buffer.from(text), 'x-nowhere'),
  'no declaration': encoded((text) => Buffer.from(text), ''),
  'space before the declaration': (draft) => {
    draft.declaration = ` ${draft.declaration || '<?xml version="1.0"?>'}`
  },
  'declaration twice': (draft) => {
    draft.declaration = '<?xml version="1.0"?><?xml version="1.0"?>'
  },
  'XML 1.1': (draft) => {
    draft.declaration = '<?xml version="1.1" encoding="UTF-8"?>'
  },
  'XML 2.0': (draft) => {
    draft.declaration = '<?xml version="2.0" encoding="UTF-8"?>'
  },
  'bad UTF-8: overlong': encoded(inserted(0xc0, 0xaf)),
  'bad UTF-8: cut': encoded(inserted(0xe4, 0xb8)),
  'bad UTF-8: surrogate': encoded(inserted(0xed, 0xa0, 0x80)),
  'bad UTF-8: beyond Unicode': encoded(inserted(0xf5, 0x80, 0x80, 0x80)),
  'bad UTF-8: stray': encoded(inserted(0x80, 0xff)),
  'NUL octet': encoded(inserted(0)),
  'document cut': encoded((text) => Buffer.from(text.slice(0, text.length >> 1))),
  'document of one character': encoded(() => Buffer.from('<')),
  'document of spaces': encoded(() => Buffer.from('   \r\n')),
  'document of JSON': encoded(() => Buffer.from('{"method":"GetRPCMethods"}')),
  'document of HTML': encoded(() =>
    Buffer.from('<!DOCTYPE html><html><body><p>Bad gateway<br></body></html>'),
  ),
  'document type': withSubset(''),
  'internal entity': withSubset('<!ENTITY e "resolved">'),
  'external entity': withSubset(`<!ENTITY e SYSTEM "${LURE}">`),
  'entity of a file': withSubset('<!ENTITY e SYSTEM "file:///etc/passwd">'),
  'external document type': withSubset('', ` SYSTEM "${LURE}"`),
  'parameter entity': withSubset(`<!ENTITY % p SYSTEM "${LURE}"> %p;`),
  'entities without bound': withSubset(bomb()),
  'entity of itself': withSubset('<!ENTITY f "&e;"><!ENTITY e "&f;">'),
  'processing instruction in front': (draft) => {
    draft.prolog += `<?xml-stylesheet href="${LURE}"?>`
  },
  'nested 100000 deep': (draft) => {
    draft.request.tail += `${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`
  },
  'four megabytes of space': (draft) => {
    draft.epilog += ' '.repeat(4 << 20)
  },
  'four megabytes of comment': (draft) => {
    draft.prolog += `<!--${'c'.repeat(4 << 20)}-->`
  },
  'hundred thousand elements': (draft) => {
    draft.request.tail += '<a/>'.repeat(100_000)
  },
  'SOAP namespace again and again': (draft) => {
    draft.envelopeAttributes += Array.from(
      { length: 2000 },
      (_, index) => ` xmlns:n${index}="${SOAP_ENVELOPE}"`,
    ).join('')
  },
}
