import { namespaces } from '../../../../xmpp/xmpp.ts'
import { type Breakage, textOf } from '../breakage.ts'

const { BIND, STANZAS } = namespaces

/** Something else where the result of the binding has this. */
function bound(
  name: string,
  rule: Breakage['rule'],
  change: (usual: string, text: string, domain: string) => string,
  texts?: readonly string[],
): Breakage {
  return {
    name,
    element: 'resource binding',
    stages: ['bind'],
    rule,
    within: (usual, part, { domain }) => change(usual, textOf(part), domain),
    ...(texts && { texts }),
  }
}

/** What can be wrong with the answer to the binding (RFC 6120 7.6). */
export const bindingBreakages: readonly Breakage[] = [
  bound('no id', 'silence', (usual) => usual.replace(/ id="[^"]*"/, '')),
  bound('another id', 'silence', (usual, text) => usual.replace(/ id="[^"]*"/, ` id="${text}"`), [
    'nobody-asked',
    '',
    'i'.repeat(5000),
  ]),
  bound('no type', 'silence', (usual) => usual.replace(' type="result"', '')),
  bound('another type', 'silence', (usual, text) => usual.replace('type="result"', `type="${text}"`), [
    'get',
    'set',
    'error',
    'RESULT',
    '',
  ]),
  bound('another sender', 'open', (usual, text) => usual.replace('<iq', `<iq from="${text}"`), [
    'elsewhere.example',
    'somebody@elsewhere.example/x',
    '',
  ]),
  bound('another addressee', 'open', (usual, text) => usual.replace(/ to="[^"]*"/, ` to="${text}"`), [
    'somebody@elsewhere.example/x',
    '',
  ]),
  bound('nothing bound', 'silence', (usual) => usual.replace(/<bind.*<\/bind>/, '')),
  bound('no JID', 'silence', (usual) => usual.replace(/<jid>.*<\/jid>/, '')),
  bound(
    'another JID',
    'open',
    (usual, text, domain) =>
      usual.replace(/<jid>.*<\/jid>/, `<jid>${text.replace('{domain}', domain)}</jid>`),
    [
      '',
      ' ',
      'cpe',
      '@',
      '/',
      'cpe@{domain}',
      'cpe@{domain}/',
      'cpe@{domain}/another resource',
      'somebody@elsewhere.example/x',
      'a@b@c/d/e',
      '&lt;jid/&gt;',
      'cpe@{domain}/\u202e\ufeff',
      `cpe@{domain}/${'r'.repeat(1023)}`,
      `${'c'.repeat(5000)}@{domain}/x`,
      '<b>cpe</b>@{domain}/x',
    ],
  ),
  bound('two JIDs', 'open', (usual) => usual.replace(/(<jid>.*<\/jid>)/, '$1<jid>b@b.example/b</jid>')),
  bound('another namespace of the binding', 'silence', (usual) => usual.replace(BIND, 'urn:another')),
  bound('result twice', 'open', (usual) => usual + usual),
  bound('result and error', 'open', (usual) => usual.replace('</iq>', '<error/></iq>')),
  bound('error behind the result', 'open', (usual) => usual + refusal(usual, 'conflict')),
  bound('refusal of the binding', 'open', refusal, [
    'conflict',
    'bad-request',
    'not-allowed',
    'resource-constraint',
    'unheard-of',
    '',
  ]),
  {
    name: 'message ahead of the result',
    element: 'resource binding',
    stages: ['bind'],
    rule: 'stanza-ahead',
    before: ({ domain }) => `<message from="${domain}"><body>early</body></message>`,
  },
]

function refusal(usual: string, condition: string): string {
  const id = / id="([^"]*)"/.exec(usual)?.[1] ?? ''
  const named = condition === '' ? '' : `<${condition} xmlns="${STANZAS}"/>`
  return `<iq type="error" id="${id}"><error type="cancel">${named}</error></iq>`
}
