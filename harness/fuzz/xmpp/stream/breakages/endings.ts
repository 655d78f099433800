import { namespaces, streamErrorText } from '../../../../xmpp/xmpp.ts'
import { type Breakage, everywhere, type Scene, sizeOf, spoken, textOf } from '../breakage.ts'
import { streamConditions } from '../oracle.ts'
import type { Part } from '../stream-case.ts'

const { STREAMS } = namespaces

function ending(
  name: string,
  instead: (scene: Scene, part: Part) => void,
  more: Partial<Pick<Breakage, 'texts' | 'sizes' | 'rule' | 'goesOn' | 'stages'>> = {},
): Breakage {
  return { name, element: 'end of the stream', stages: everywhere, rule: 'open', instead, ...more }
}

/** Sends on an open stream. */
function say({ line }: Scene, octets: string): void {
  line.openStream()
  line.send(octets)
}

function sayAndEnd(scene: Scene, octets: string): void {
  say(scene, octets)
  scene.line.end()
}

/** Where see-other-host sends its clients; `{here}` is the server itself. */
const otherHosts = [
  '{here}',
  '',
  'nobody.invalid',
  '127.0.0.1:1',
  '[::1]:1',
  '[::',
  ':::::',
  ':5222',
  '{here}:5222',
  'a host:1',
  '127.0.0.1:0',
  '127.0.0.1:65536',
  '127.0.0.1:-1',
  '127.0.0.1:x',
  'xmpp://127.0.0.1:1',
  '../../x',
  '\u0430.example',
  'h'.repeat(5000),
]

/** How a server can end a stream, or leave it hanging (RFC 6120 4.4, 4.9). */
export const endingBreakages: readonly Breakage[] = [
  ending('stream error', (scene, part) => sayAndEnd(scene, streamErrorText(textOf(part))), {
    texts: [...streamConditions.filter((each) => each !== 'see-other-host'), 'unheard-of'],
  }),
  ending(
    'stream error on an open connection',
    (scene, part) => say(scene, streamErrorText(textOf(part)).replace('</stream:stream>', '')),
    { texts: ['conflict', 'policy-violation', 'unheard-of'], rule: 'silence' },
  ),
  ending('stream error of another shape', (scene, part) => sayAndEnd(scene, textOf(part)), {
    texts: [
      '<stream:error/>',
      '<stream:error>text</stream:error>',
      '<stream:error><conflict/></stream:error>',
      '<error/>',
      `<stream:error><text xmlns="${STREAMS}">no</text></stream:error>`,
      `<stream:error><conflict xmlns="${STREAMS}"/><reset xmlns="${STREAMS}"/></stream:error>`,
      `<stream:error><conflict xmlns="${STREAMS}"><deep><deeper/></deep></conflict></stream:error>`,
    ],
  }),
  ending(
    'see-other-host',
    (scene, part) =>
      sayAndEnd(scene, streamErrorText('see-other-host', textOf(part).replace('{here}', scene.here))),
    { texts: otherHosts },
  ),
  ending(
    'see-other-host again and again',
    (scene) => sayAndEnd(scene, streamErrorText('see-other-host', scene.here)),
    { sizes: [2, 12], goesOn: true, stages: ['greeted', 'secured', 'authenticated'] },
  ),
  ending('end tag', (scene) => sayAndEnd(scene, '</stream:stream>')),
  ending('end tag on an open connection', (scene) => say(scene, '</stream:stream>'), { rule: 'silence' }),
  ending(
    'stanzas behind the end tag',
    (scene) => say(scene, `</stream:stream><message><body>late</body></message>`),
    { rule: 'silence' },
  ),
  ending('second stream header', (scene) => say(scene, header), { rule: 'silence' }),
  ending('second document', (scene) => say(scene, `</stream:stream><?xml version="1.0"?>${header}`), {
    rule: 'silence',
  }),
  ending('half an element, and the end', (scene) => sayAndEnd(scene, '<iq type="get" id="half" from="acs@')),
  ending('half an element, and silence', (scene) => say(scene, '<iq type="get" id="half" from="acs@'), {
    rule: 'silence',
  }),
  ending('end of the connection', ({ line }) => line.end()),
  ending('cut', ({ line }) => line.destroy()),
  ending('silence', () => {}, { stages: spoken, rule: 'silence' }),
  ending('cut again and again', ({ line }) => line.destroy(), { sizes: [2, 6], goesOn: true }),
  {
    name: 'element that nobody knows',
    element: 'elements',
    stages: spoken,
    rule: 'silence',
    sizes: [1, 50],
    before: (_scene, part) => '<x xmlns="urn:conformance:nobody-knows"/>'.repeat(sizeOf(part)),
  },
  {
    name: 'element of the negotiation out of turn',
    element: 'elements',
    stages: spoken,
    rule: 'silence',
    texts: [
      `<proceed xmlns="${namespaces.TLS}"/>`,
      `<failure xmlns="${namespaces.TLS}"/>`,
      `<starttls xmlns="${namespaces.TLS}"/>`,
      `<success xmlns="${namespaces.SASL}"/>`,
      `<challenge xmlns="${namespaces.SASL}">cj0=</challenge>`,
      `<failure xmlns="${namespaces.SASL}"><not-authorized/></failure>`,
      '<stream:features/>',
      `<iq type="result" id="x"><bind xmlns="${namespaces.BIND}"><jid>b@b.example/b</jid></bind></iq>`,
    ],
    before: (_scene, part) => textOf(part),
  },
  {
    name: 'request too early',
    element: 'elements',
    stages: ['connected', 'greeted', 'starttls'],
    rule: 'early-unsecured',
    before: ({ genuine }) => genuine,
  },
  {
    name: 'request before the login',
    element: 'elements',
    stages: ['secured', 'auth', 'response'],
    rule: 'early-unauthenticated',
    before: ({ genuine }) => genuine,
  },
]

const header = `<stream:stream xmlns="jabber:client" xmlns:stream="${namespaces.STREAM}" version="1.0" id="again">`
