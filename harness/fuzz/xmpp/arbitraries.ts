import fc from 'fast-check'
import type { FuzzElement, FuzzStanza } from './stanza.ts'

/** What stanzas are about: the device, and how a genuine connection request would look. */
export interface FuzzTarget {
  /** Full JID of the device. */
  readonly cpe: string
  /** ConnectionRequestUsername and ConnectionRequestPassword. */
  readonly username: string
  readonly password: string
}

export const CONNECTION_REQUEST = 'urn:broadband-forum-org:cwmp:xmppConnReq-1-0'

/** Namespaces whose requests a client may well know how to answer. */
export const knownNamespaces = [
  'urn:xmpp:ping',
  'urn:xmpp:time',
  'http://jabber.org/protocol/disco#info',
  'http://jabber.org/protocol/disco#items',
  'jabber:iq:version',
  'jabber:iq:last',
]

export const unknownNamespaces = [
  'urn:example:nobody-knows',
  'urn:broadband-forum-org:cwmp:xmppConnReq-1-1',
  'urn:broadband-forum-org:cwmp:xmppconnreq-1-0',
  'urn:dslforum-org:cwmp-1-0',
  'http://schemas.xmlsoap.org/soap/envelope/',
]

/** Stanzas for that device. Each is well-formed XML that a good server passes on or answers itself; none ends the stream. */
export function stanzas(target: FuzzTarget): fc.Arbitrary<FuzzStanza> {
  return fc.record({
    sender: fc.constantFrom<FuzzStanza['sender']>('allowed', 'foreign'),
    element: fc.oneof(
      { weight: 8, arbitrary: iqs(target) },
      { weight: 1, arbitrary: others(target, 'message') },
      { weight: 1, arbitrary: others(target, 'presence') },
    ),
  })
}

function iqs(target: FuzzTarget): fc.Arbitrary<FuzzElement> {
  const type = fc.oneof(
    { weight: 6, arbitrary: fc.constant('get') },
    { weight: 3, arbitrary: fc.constant('set') },
    { weight: 2, arbitrary: fc.constantFrom('result', 'error') },
    { weight: 1, arbitrary: fc.constantFrom(undefined, '', 'GET', 'get ', 'gets', 'subscribe') },
  )
  const payload = fc.oneof(
    { weight: 4, arbitrary: fc.constant([genuine(target)]) },
    {
      weight: 10,
      arbitrary: fc
        .oneof({ weight: 3, arbitrary: requests(target) }, { weight: 2, arbitrary: queries() })
        .map((one) => [one]),
    },
    { weight: 1, arbitrary: fc.array(fc.oneof(requests(target), queries(), words()), { maxLength: 4 }) },
  )
  return fc
    .record({ type, to: addressees(target), id: ids(), content: payload, extra: oddAttributes() })
    .map(({ content, ...rest }) => ({ name: 'iq', attributes: attributesOf(rest), content }))
}

/** Messages and presence make no sense to a device; a connection request in one of them is none. */
function others(target: FuzzTarget, name: 'message' | 'presence'): fc.Arbitrary<FuzzElement> {
  const types =
    name === 'message'
      ? ['chat', 'headline', 'normal', 'error', 'groupchat', 'odd']
      : ['unavailable', 'error']
  return fc
    .record({
      type: fc.option(fc.constantFrom(...types), { nil: undefined }),
      to: fc.constant(target.cpe),
      id: ids(),
      content: fc.oneof(
        { weight: 1, arbitrary: fc.constant([genuine(target)]) },
        { weight: 2, arbitrary: fc.array(fc.oneof(requests(target), queries(), body()), { maxLength: 3 }) },
      ),
      extra: oddAttributes(),
    })
    .map(({ content, ...rest }) => ({ name, attributes: attributesOf(rest), content }))
}

function attributesOf({
  extra,
  ...named
}: {
  type: string | undefined
  to: string
  id: string | undefined
  extra: Readonly<Record<string, string>>
}): Readonly<Record<string, string>> {
  const given = Object.entries({ ...extra, ...named }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return Object.fromEntries(given)
}

/** Unique ones for most; and none, an empty one, one of a few that repeat, and characters that need escaping. */
function ids(): fc.Arbitrary<string | undefined> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.nat().map((n) => `f${n.toString(36)}`) },
    { weight: 1, arbitrary: fc.constantFrom(undefined, '', 'again', 'twice') },
    {
      weight: 1,
      arbitrary: words()
        .filter((text) => text.trim() !== '')
        .map((text) => text.replace(/\s+/g, '_')),
    },
  )
}

/** The device, and addresses that look like its own. */
function addressees({ cpe }: FuzzTarget): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 15, arbitrary: fc.constant(cpe) },
    { weight: 1, arbitrary: fc.constantFrom(...lookalikes(cpe)) },
  )
}

/** Addresses that look like this one. */
export function lookalikes(cpe: string): readonly string[] {
  const [bare = ''] = cpe.split('/')
  const domain = bare.slice(bare.indexOf('@') + 1)
  return [bare, domain, `${bare}/elsewhere`, `${cpe}x`, `nobody@${domain}/x`]
}

const member = (name: string, text: string, change: Partial<FuzzElement> = {}): FuzzElement => ({
  name,
  attributes: {},
  content: text === '' ? [] : [text],
  ...change,
})

const request = (content: FuzzElement['content'], change: Partial<FuzzElement> = {}): FuzzElement => ({
  name: 'connectionRequest',
  xmlns: CONNECTION_REQUEST,
  attributes: {},
  content,
  ...change,
})

/** A connection request as Annex K has it, which decides nothing alone: who sends it, and in what, does. */
export function genuine({ username, password }: FuzzTarget): FuzzElement {
  return request([member('username', username), member('password', password)])
}

/** Texts that are nearly this one. */
const nearlyAs = (text: string): readonly string[] => [
  '',
  `${text}x`,
  text.slice(0, -1),
  text.toUpperCase().concat('!'),
  `x${text}`,
  '%s%n',
  "' or 1=1",
]

/** Requests in form whose credentials are wrong. */
export function wrongRequests({ username, password }: FuzzTarget): readonly FuzzElement[] {
  const [user, word] = [member('username', username), member('password', password)]
  return [
    ...nearlyAs(password).map((wrong) => request([user, member('password', wrong)])),
    ...nearlyAs(username).map((wrong) => request([member('username', wrong), word])),
    ...[1_000, 20_000].map((size) => request([user, member('password', 'p'.repeat(size))])),
  ]
}

/** Requests of another form, with the right credentials in them as far as there are any. */
export function oddRequests({ username, password }: FuzzTarget): readonly FuzzElement[] {
  const [user, word] = [member('username', username), member('password', password)]
  return [
    request([]),
    request([user]),
    request([word]),
    request([word, user]),
    request([user, user, word]),
    request([user, word, word]),
    request([user, member('password', 'first'), word]),
    request([user, word, member('url', 'http://example.org/')]),
    request([request([user, word])]),
    request([member('username', username, { xmlns: 'urn:example:else' }), word]),
    request([user, member('Password', password)]),
    request([user, member('password', '', { content: [member('b', password)] })]),
    request([user, word], { attributes: { version: '1' } }),
    request(['text ', user, ' between ', word]),
    request([user, word], { name: 'ConnectionRequest' }),
    request([user, member('password', ` ${password}`)]),
  ]
}

/** What differs from the genuine request in one respect. */
function requests(target: FuzzTarget): fc.Arbitrary<FuzzElement> {
  const { username, password } = target
  const [user, word] = [member('username', username), member('password', password)]
  const nearly = (text: string) =>
    fc.oneof(fc.constantFrom(...nearlyAs(text)), words()).filter((other) => other.trim() !== text)
  return fc.oneof(
    { weight: 4, arbitrary: nearly(password).map((wrong) => request([user, member('password', wrong)])) },
    { weight: 2, arbitrary: nearly(username).map((wrong) => request([member('username', wrong), word])) },
    { weight: 4, arbitrary: fc.constantFrom(...oddRequests(target)) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...unknownNamespaces).map((xmlns) => request([user, word], { xmlns })),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(1_000, 20_000)
        .map((size) => request([user, member('password', 'p'.repeat(size))])),
    },
  )
}

/** Requests of other protocols, known ones and made-up ones, with content of any shape. */
function queries(): fc.Arbitrary<FuzzElement> {
  const names = fc.constantFrom('query', 'ping', 'time', 'connectionRequest', 'username', 'error', 'x')
  return fc.record({
    name: names,
    xmlns: fc.constantFrom(...knownNamespaces, ...unknownNamespaces),
    attributes: oddAttributes(),
    content: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.array(fc.oneof(nested(), words()), { maxLength: 3 }) },
    ),
  })
}

/** A chain of elements, up to a hundred deep, now and then with many brothers. */
function nested(): fc.Arbitrary<FuzzElement> {
  return fc
    .record({
      depth: fc.integer({ min: 1, max: 100 }),
      width: fc.integer({ min: 1, max: 60 }),
      text: words(),
    })
    .map(({ depth, width, text }) => {
      let element: FuzzElement = { name: 'leaf', attributes: {}, content: [text] }
      for (let level = 0; level < depth; level++) element = { name: 'n', attributes: {}, content: [element] }
      return {
        name: 'wide',
        attributes: {},
        content: Array.from({ length: width }, (_, at) =>
          at === 0 ? element : { name: 'w', attributes: {}, content: [] },
        ),
      }
    })
}

function body(): fc.Arbitrary<FuzzElement> {
  return words().map((text) => ({ name: 'body', attributes: {}, content: [text] }))
}

function oddAttributes(): fc.Arbitrary<Readonly<Record<string, string>>> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.dictionary(
        fc.constantFrom('code', 'lang', 'username', 'password', 'resource', 'a-b', '_'),
        words(),
        { maxKeys: 3 },
      ),
    },
  )
}

/** Text of characters that XML 1.0 permits: markup to be escaped, accents, other planes, directions. */
function words(): fc.Arbitrary<string> {
  const character = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...'abcXYZ019 -_.%$/\\@') },
    { weight: 2, arbitrary: fc.constantFrom('<', '>', '&', '"', "'", ']', ';') },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'ä',
        'ß',
        'İ',
        'а',
        '漢',
        '\u{1f600}',
        '\u200b',
        '\u202e',
        '\u0301',
        '\ufffd',
      ),
    },
  )
  return fc.oneof(
    { weight: 8, arbitrary: fc.string({ unit: character, maxLength: 20 }) },
    { weight: 1, arbitrary: fc.string({ unit: character, minLength: 500, maxLength: 3000 }) },
  )
}
