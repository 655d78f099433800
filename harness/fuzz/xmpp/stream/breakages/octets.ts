import { type Breakage, everywhere, headers, sizeOf, spoken, textOf } from '../breakage.ts'
import type { Edit, Part, StreamStage } from '../stream-case.ts'

const NOBODY = 'urn:conformance:nobody-knows'

/** An element that nobody knows, with this in it. */
const around = (inside: string): string => `<x xmlns="${NOBODY}">${inside}</x>`

/** An element of the stream that no XML processor may take, or that XMPP forbids (RFC 6120 11.1, 11.3). */
function unreadable(name: string, rule: 'restricted' | 'ill-formed', octets: string | Uint8Array): Breakage {
  return { name, element: 'XML', stages: everywhere, rule, before: () => octets }
}

const forbidden: readonly Breakage[] = [
  unreadable('comment', 'restricted', '<!-- nobody sees this -->'),
  unreadable('comment in an element', 'restricted', around('<!-- or this -->')),
  unreadable('processing instruction', 'restricted', '<?php system("reboot") ?>'),
  unreadable('document type', 'restricted', '<!DOCTYPE stream>'),
  unreadable(
    'external entity',
    'restricted',
    `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${around('&e;')}`,
  ),
  unreadable('undeclared entity', 'ill-formed', around('&nobody;')),
  {
    name: 'entities of entities',
    element: 'XML',
    stages: everywhere,
    rule: 'restricted',
    sizes: [1, 9, 30],
    before: (_scene, part) => bomb(sizeOf(part)),
  },
]

/** Entities of which each names the one before ten times. */
function bomb(levels: number): string {
  const declared = Array.from(
    { length: levels },
    (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`,
  )
  return `<!DOCTYPE x [<!ENTITY e0 "ha">${declared.join('')}]>${around(`&e${levels};`)}`
}

const illFormed: readonly Breakage[] = [
  ['crossed tags', '<a><b></a></b>'],
  ['end tag without a beginning', '</nothing>'],
  ['attribute without quotes', '<a b=c/>'],
  ['attribute twice', '<a b="1" b="2"/>'],
  ['tag within a tag', '<a <b/>/>'],
  ['bare ampersand', around('this & that')],
  ['control character', around('\u0001')],
  ['octet zero', around('\u0000')],
  ['character reference to nothing', around('&#0;')],
  ['name that begins with a digit', '<1a/>'],
  ['unbound prefix', '<nobody:x/>'],
  ['XML declaration in the middle', '<?xml version="1.0"?>'],
].map(([name = '', octets = '']) => unreadable(name, 'ill-formed', octets))

/** UTF-8 that is none (RFC 3629). */
const badUtf8: readonly Breakage[] = (
  [
    ['octets that no UTF-8 has', [0xff, 0xfe]],
    ['half a character', [0xc3, 0x28]],
    ['character of more octets than it needs', [0xc0, 0xaf]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['character beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ] as const
).map(([name, octets]) =>
  unreadable(
    name,
    'ill-formed',
    Buffer.concat([Buffer.from(`<x xmlns="${NOBODY}">`), Buffer.from(octets), Buffer.from('</x>')]),
  ),
)

/** During STARTTLS and SASL white space is not for a server to send (RFC 6120 5.3.1, 6.3.5). */
const whiteSpaceRule = (stage: StreamStage, part: Part) =>
  sizeOf(part) <= 100 && ['authenticated', 'bind', 'online'].includes(stage) ? 'ordinary' : 'open'

const tolerable: readonly Breakage[] = [
  {
    name: 'white space',
    element: 'octets',
    stages: everywhere,
    rule: whiteSpaceRule,
    sizes: [1, 100, 10_000, 1_000_000],
    before: (_scene, part) => ' \n\t\r'.repeat(Math.ceil(sizeOf(part) / 4)),
  },
  {
    name: 'letter by letter',
    element: 'octets',
    stages: spoken,
    rule: 'ordinary',
    within: (usual) => [...usual],
  },
  {
    name: 'octet by octet within a character',
    element: 'octets',
    stages: ['online'],
    rule: 'ordinary',
    within: (usual) => {
      const octets = Buffer.from(usual.replace('<ping ', '<ping alt="ä漢\u{1f600}" '))
      return Array.from(octets, (_, at) => octets.subarray(at, at + 1))
    },
  },
  {
    name: 'single quotes',
    element: 'octets',
    stages: spoken,
    rule: 'ordinary',
    within: (usual) => usual.replaceAll("'", '&apos;').replaceAll('"', "'"),
  },
  {
    name: 'spaces within tags',
    element: 'octets',
    stages: spoken,
    rule: 'ordinary',
    within: (usual) => usual.replace(/(\S)\s*(\/?>)/g, '$1 $2').replace(/\? >/, '?>'),
  },
  {
    name: 'pairs of tags for empty elements',
    element: 'octets',
    stages: spoken,
    rule: 'ordinary',
    within: (usual) => usual.replace(/<([\w:]+)((?:\s[^<>]*?)?)\/>/g, '<$1$2></$1>'),
  },
]

const large: readonly Breakage[] = [
  oversize(
    'depth',
    [10, 1_000, 50_000],
    (size) => `${`<x xmlns="${NOBODY}">`}${'<n>'.repeat(size)}`,
    'left open',
  ),
  oversize(
    'depth',
    [10, 1_000, 50_000],
    (size) => around('<n>'.repeat(size) + '</n>'.repeat(size)),
    'of elements',
  ),
  oversize('length', [1_000, 200_000, 3_000_000], (size) => around('t'.repeat(size)), 'of text'),
  oversize('length', [1_000, 200_000, 3_000_000], (size) => `<${'n'.repeat(size)}`, 'of a name'),
  oversize('length', [1_000, 200_000, 3_000_000], (size) => `<x a="${'v'.repeat(size)}"/>`, 'of a value'),
  oversize('number', [10, 1_000, 50_000], (size) => around('<n/>'.repeat(size)), 'of children'),
  oversize(
    'number',
    [10, 1_000, 20_000],
    (size) => `<x${Array.from({ length: size }, (_, at) => ` a${at}=""`).join('')}/>`,
    'of attributes',
  ),
  oversize(
    'number',
    [10, 1_000, 20_000],
    (size) => `<x${Array.from({ length: size }, (_, at) => ` xmlns:p${at}="urn:p${at}"`).join('')}/>`,
    'of namespaces',
  ),
  oversize('number', [10, 1_000, 20_000], (size) => '<x/>'.repeat(size), 'of unknown elements'),
]

function oversize(
  what: string,
  sizes: readonly number[],
  octets: (size: number) => string,
  of: string,
): Breakage {
  return {
    name: `${what} ${of}`,
    element: 'XML',
    stages: everywhere,
    rule: 'silence',
    sizes,
    before: (_scene, part) => octets(sizeOf(part)),
  }
}

const garbage: readonly Breakage[] = [
  {
    name: 'another protocol',
    element: 'octets',
    stages: ['connected', ...headers],
    rule: 'open',
    texts: [
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      'SSH-2.0-x\r\n',
      '220 smtp\r\n',
      '\u0016\u0003\u0001',
      '{}',
      'x',
    ],
    instead: ({ line }, part) => line.send(textOf(part)),
  },
  {
    name: 'octets changed',
    element: 'octets',
    stages: spoken,
    rule: 'silence',
    edits: true,
    within: (usual, { edits = [] }) => edits.reduce(edited, Buffer.from(usual)),
  },
]

function edited(octets: Buffer, { do: what, at, octet }: Edit): Buffer {
  const place = Math.floor((at / 65_536) * octets.length)
  const [head, tail] = [octets.subarray(0, place), octets.subarray(place)]
  if (what === 'cut') return head
  if (what === 'drop') return Buffer.concat([head, tail.subarray(octet)])
  if (what === 'repeat') return Buffer.concat([head, tail.subarray(0, octet), tail])
  if (what === 'put') return Buffer.concat([head, Buffer.from([octet]), tail])
  const copy = Buffer.from(octets)
  if (place < copy.length) copy[place] = (copy[place] as number) ^ octet
  return copy
}

/** What can be wrong with octets and XML, whatever they say. */
export const octetBreakages: readonly Breakage[] = [
  ...forbidden,
  ...illFormed,
  ...badUtf8,
  ...tolerable,
  ...large,
  ...garbage,
]
