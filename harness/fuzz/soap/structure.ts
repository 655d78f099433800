import type { DraftNode } from './draft.ts'

/** An argument in the draft, and where it stands. */
export interface Place {
  readonly node: DraftNode
  /** What it stands in: another argument, or the request. */
  readonly parent: DraftNode
}

/** Makes one place of a request wrong. */
export type Change = (place: Place) => void

const replaceIn = ({ node, parent }: Place, ...others: DraftNode[]): void => {
  const index = parent.children.indexOf(node)
  if (index >= 0) parent.children.splice(index, 1, ...others)
}

const rename =
  (change: (name: string) => string, attributes = ''): Change =>
  ({ node }) => {
    node.name = change(node.name)
    node.attributes += attributes
  }

const append =
  (xml: string): Change =>
  ({ node }) => {
    node.tail += xml
  }

const attribute =
  (text: string): Change =>
  ({ node }) => {
    node.attributes += ` ${text}`
  }

/** xsi:type or arrayType in another form. */
const typed = (text: string): Change => {
  const pattern = / xsi:type="[^"]*"/
  return ({ node }) => {
    node.attributes = `${node.attributes.replace(pattern, '')} xsi:type="${text}"`
  }
}

const inText =
  (change: (text: string) => string): Change =>
  ({ node }) => {
    node.text = change(node.text)
  }

const half = (text: string): number => Math.floor(text.length / 2)

/** What can be wrong with any argument, whatever it is. */
export const anywhere: Readonly<Record<string, Change>> = {
  missing: (place) => replaceIn(place),
  twice: (place) => replaceIn(place, place.node, place.node),
  'empty element': ({ node }) => {
    node.text = ''
    node.children = []
  },
  'wrong case of element': rename((name) =>
    name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase(),
  ),
  'element in the CWMP namespace': rename((name) => `cwmp:${name}`),
  'element in another namespace': rename((name) => `x:${name}`, ' xmlns:x="urn:example:x"'),
  'unknown element within': append('<Unknown><string>x</string></Unknown>'),
  'unknown element before': (place) =>
    replaceIn(place, { name: 'Unknown', attributes: '', text: 'x', children: [], tail: '' }, place.node),
  'unknown attribute': attribute('Id="a" xmlns:x="urn:example:x" x:trace="1"'),
  nil: (place) => {
    place.node.text = ''
    place.node.children = []
    place.node.attributes += ' xsi:nil="true"'
  },
  'type lie': typed('xsd:hexBinary'),
  'type with an unbound prefix': typed('nowhere:thing'),
  reference: ({ node }) => {
    node.text = ''
    node.children = []
    node.attributes += ' href="#elsewhere"'
  },
  'nested 56 deep': append(`${'<a>'.repeat(56)}${'</a>'.repeat(56)}`),
  comment: append('<!-- <Unknown/> & -->'),
}

/** What makes the whole document ill-formed, wherever it stands. */
export const illFormed: Readonly<Record<string, Change>> = {
  'element with an unbound prefix': rename((name) => `nowhere:${name}`),
  'attribute twice': attribute('Id="a" Id="b"'),
  'end tag of another': append('</Unknown>'),
  'open element': append('<Unknown>'),
  'undefined entity': append('&nope;'),
  'character reference to NUL': append('&#0;'),
  'character reference beyond Unicode': append('&#x110000;'),
  'bare ampersand': append(' & '),
  'control character': append('\u0001'),
  'CDATA that does not end': inText((text) => `<![CDATA[${text}`),
}

/** What many devices are too small for, or what SOAP forbids, wherever it stands. */
export const harsh: Readonly<Record<string, Change>> = {
  'processing instruction': append('<?reboot now?>'),
  'nested 5000 deep': append(`${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`),
  'many attributes': attribute(Array.from({ length: 2000 }, (_, index) => `a${index}="${index}"`).join(' ')),
  'text of a megabyte': inText((text) => text.padEnd(1 << 20, 'm')),
}

/** What can be done to the text of an argument that is one. */
export const inTexts: Readonly<Record<string, Change>> = {
  CDATA: inText((text) => (text.includes('&') ? text : `<![CDATA[${text}]]>`)),
  'CDATA in the middle': inText((text) =>
    text.includes('&') ? text : `${text.slice(0, half(text))}<![CDATA[${text.slice(half(text))}]]>`,
  ),
  'comment in the middle': inText((text) =>
    text.includes('&') ? text : `${text.slice(0, half(text))}<!-- & -->${text.slice(half(text))}`,
  ),
  'character references': inText((text) =>
    text.includes('&')
      ? text
      : [...text]
          .map((one, index) => (index % 2 ? `&#x${code(one).toString(16)};` : `&#${code(one)};`))
          .join(''),
  ),
  'elements in place of text': inText((text) => `<string>${text}</string>`),
}

function code(character: string): number {
  return character.codePointAt(0) as number
}

const ARRAY_TYPE = / soapenc:arrayType="([^"[]*)\[(\d*)\]"/

const arrayType =
  (change: (type: string, count: number) => string): Change =>
  ({ node }) => {
    node.attributes = node.attributes.replace(ARRAY_TYPE, (_all, type: string, count: string) =>
      change(type, Number(count)),
    )
  }
const counted = (change: (count: number) => string): Change =>
  arrayType((type, count) => ` soapenc:arrayType="${type}${change(count)}"`)

/** What can be wrong with an array. */
export const inArrays: Readonly<Record<string, Change>> = {
  'count less': counted((count) => `[${Math.max(0, count - 1)}]`),
  'count more': counted((count) => `[${count + 1}]`),
  'count huge': counted(() => '[2147483647]'),
  'count beyond 2^64': counted(() => '[99999999999999999999]'),
  'count negative': counted(() => '[-1]'),
  'count empty': counted(() => '[]'),
  'count of two dimensions': counted((count) => `[${count},1]`),
  'count of arrays': counted((count) => `[][${count}]`),
  'count words': counted(() => '[many]'),
  'count without brackets': counted(() => ''),
  'count with spaces': counted((count) => `[ ${count} ]`),
  'count missing': arrayType(() => ''),
  'array type wrong': arrayType((_type, count) => ` soapenc:arrayType="xsd:hexBinary[${count}]"`),
  'array type with an unbound prefix': arrayType(
    (type, count) => ` soapenc:arrayType="nowhere:${type.replace(/^.*:/, '')}[${count}]"`,
  ),
  'array type in no namespace': arrayType((type, count) => ` arrayType="${type}[${count}]"`),
  offset: attribute('soapenc:offset="[1]"'),
  'no members': ({ node }) => {
    node.children = []
    node.attributes = node.attributes.replace(ARRAY_TYPE, ' soapenc:arrayType="$1[0]"')
  },
  'member twice': ({ node }) => {
    const [first] = node.children
    if (first) node.children.push(first)
    recount(node)
  },
  'members of other names': ({ node }) => {
    node.children = node.children.map((child) => ({ ...child, name: 'item' }))
  },
  'text between members': ({ node }) => {
    node.text = 'text'
  },
  'a thousand members': ({ node }) => {
    const [first] = node.children
    if (first) while (node.children.length < 1000) node.children.push(first)
    recount(node)
  },
  'array in the array': ({ node }) => {
    node.children = [{ ...node, children: node.children }]
  },
}

function recount(node: DraftNode): void {
  node.attributes = node.attributes.replace(ARRAY_TYPE, ` soapenc:arrayType="$1[${node.children.length}]"`)
}

/** What can be wrong with the order of the arguments in a request or struct. */
export const inOrders: Readonly<Record<string, Change>> = {
  'other order': ({ node, parent }) => {
    const index = parent.children.indexOf(node)
    const next = parent.children[index + 1]
    if (next) parent.children.splice(index, 2, next, node)
  },
}

/** Other ways to write the same. */
export const changesNothing: ReadonlySet<string> = new Set([
  'CDATA',
  'CDATA in the middle',
  'comment',
  'comment in the middle',
  'character references',
  'unknown attribute',
])
