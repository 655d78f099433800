import { namespaces } from '../../../../xmpp/xmpp.ts'
import { type Breakage, headers, sizeOf, textOf } from '../breakage.ts'
import type { StreamStage } from '../stream-case.ts'

const { BIND, SASL, TLS } = namespaces
const FEATURES = /<stream:features>(.*)<\/stream:features>/s

/** Something else where the features have this. */
function features(
  name: string,
  stages: readonly StreamStage[],
  rule: Breakage['rule'],
  change: (content: string, text: string, size: number) => string,
  more: Pick<Breakage, 'texts' | 'sizes'> = {},
): Breakage {
  return {
    name,
    element: 'features',
    stages,
    rule,
    within: (usual, part) =>
      usual.replace(FEATURES, (_all, content: string) => change(content, textOf(part), sizeOf(part))),
    ...more,
  }
}

const whole = (content: string): string => `<stream:features>${content}</stream:features>`
const unknown = (size: number): string =>
  Array.from({ length: size }, (_, at) => `<x${at} xmlns="urn:conformance:nobody-knows:${at}"/>`).join('')
const mechanisms = (...names: string[]): string =>
  `<mechanisms xmlns="${SASL}">${names.map((name) => `<mechanism>${name}</mechanism>`).join('')}</mechanisms>`

/** What can be wrong with the features (RFC 6120 4.3.2). */
export const featureBreakages: readonly Breakage[] = [
  features('no features', headers, 'silence', () => ''),
  features('empty features', headers, 'silence', () => whole('')),
  {
    name: 'unknown features',
    element: 'features',
    stages: headers,
    rule: (_stage, part) => (sizeOf(part) <= 10 ? 'unknown-feature' : 'open'),
    sizes: [1, 10, 1000, 20_000],
    within: (usual, part) =>
      usual.replace(FEATURES, (_all, content: string) => whole(unknown(sizeOf(part)) + content)),
  },
  features('an unknown feature that is required', headers, 'open', (content) =>
    whole(`<x xmlns="urn:conformance:nobody-knows"><required/></x>${content}`),
  ),
  features('features of features', headers, 'open', (content) => whole(whole(content))),
  features('features twice', headers, 'open', (content) => whole(content) + whole(content)),
  features('each feature twice', headers, 'open', (content) => whole(content + content)),
  features(
    'features of another namespace',
    headers,
    'silence',
    (content) => `<features xmlns="urn:another">${content}</features>`,
  ),
  features('text among the features', headers, 'open', (content) => whole(`text ${content} text`)),
  features('TLS taken out', ['greeted'], 'silence', () => whole(mechanisms('SCRAM-SHA-1', 'PLAIN'))),
  features('PLAIN without TLS', ['greeted'], 'silence', () => whole(mechanisms('PLAIN'))),
  features('login beside TLS', ['greeted'], 'open', (content) =>
    whole(mechanisms('SCRAM-SHA-1', 'PLAIN') + content),
  ),
  features('resource binding before the login', ['greeted', 'secured'], 'silence', () =>
    whole(`<bind xmlns="${BIND}"/>`),
  ),
  features('TLS once more', ['secured', 'authenticated'], 'open', (content) =>
    whole(`<starttls xmlns="${TLS}"><required/></starttls>${content}`),
  ),
  features('login once more', ['authenticated'], 'open', (content) =>
    whole(mechanisms('SCRAM-SHA-1', 'PLAIN') + content),
  ),
  features('no mechanism', ['secured'], 'silence', () => whole(mechanisms())),
  features('another mechanism', ['secured'], 'silence', (_content, text) => whole(mechanisms(text)), {
    texts: [
      'X-UNHEARD-OF',
      '',
      'scram-sha-1',
      ' SCRAM-SHA-1\n',
      'SCRAM-SHA-1-PLUS',
      'DIGEST-MD5',
      'EXTERNAL',
      'ANONYMOUS',
      '&lt;x/&gt;',
      'X'.repeat(5000),
    ],
  }),
  features(
    'mechanisms that nobody knows',
    ['secured'],
    'open',
    (_content, _text, size) =>
      whole(mechanisms(...Array.from({ length: size }, (_, at) => `X-${at}`), 'SCRAM-SHA-1')),
    { sizes: [1, 1000] },
  ),
  features('no resource binding', ['authenticated'], 'silence', () => whole('')),
  features('a session that is not optional', ['authenticated'], 'open', () =>
    whole(`<bind xmlns="${BIND}"/><session xmlns="${namespaces.SESSION}"/>`),
  ),
]
