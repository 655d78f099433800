import { letIn, namespaces, tlsFailure } from '../../../../xmpp/xmpp.ts'
import { type Breakage, sizeOf, textOf } from '../breakage.ts'
import type { Part } from '../stream-case.ts'

const { SASL, TLS } = namespaces

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64')

function tls(name: string, rule: Breakage['rule'], way: Pick<Breakage, 'within' | 'instead'>): Breakage {
  return { name, element: 'STARTTLS', stages: ['starttls'], rule, ...way }
}

const says = (name: string, rule: Breakage['rule'], octets: string): Breakage =>
  tls(name, rule, { instead: ({ line }) => line.send(octets) })

/** What can be wrong with the answer to STARTTLS (RFC 6120 5.4). */
const tlsBreakages: readonly Breakage[] = [
  tls('failure', 'open', { instead: (scene) => tlsFailure(scene.line, scene.element, () => {}) }),
  says('failure on an open connection', 'silence', `<failure xmlns="${TLS}"/>`),
  says('proceed of another namespace', 'silence', '<proceed xmlns="urn:another"/>'),
  says('success in place of proceed', 'silence', `<success xmlns="${SASL}"/>`),
  says('proceed with nothing behind it', 'silence', `<proceed xmlns="${TLS}"/>`),
  says('no TLS behind proceed', 'silence', `<proceed xmlns="${TLS}"/>HTTP/1.1 200 OK\r\n\r\n`),
  says(
    'alert behind proceed',
    'silence',
    `<proceed xmlns="${TLS}"/>\u0015\u0003\u0001\u0000\u0002\u0002\u0028`,
  ),
  says(
    'stream in the clear behind proceed',
    'silence',
    `<proceed xmlns="${TLS}"/><stream:features><mechanisms xmlns="${SASL}"><mechanism>PLAIN</mechanism></mechanisms></stream:features>`,
  ),
  says(
    'features in place of proceed',
    'silence',
    `<stream:features><mechanisms xmlns="${SASL}"><mechanism>PLAIN</mechanism></mechanisms></stream:features>`,
  ),
  tls('proceed twice', 'silence', { within: (usual) => usual + usual }),
  // What was put in before the handshake must not count after it.
  tls('request behind proceed', 'early-unsecured', {
    within: (usual, _part, { genuine }) => usual + genuine,
  }),
  tls('features behind proceed', 'silence', {
    within: (usual) =>
      `${usual}<stream:features><mechanisms xmlns="${SASL}"><mechanism>PLAIN</mechanism></mechanisms></stream:features>`,
  }),
]

/** What a server says to the first message of SCRAM; `{nonce}` is the client's. */
const challenges = [
  '',
  'x',
  '=',
  'r={nonce}s,s=c2FsdA==,i=0',
  'r={nonce}s,s=c2FsdA==,i=-1',
  'r={nonce}s,s=c2FsdA==,i=1',
  'r={nonce}s,s=c2FsdA==,i=4096.5',
  'r={nonce}s,s=c2FsdA==,i=0x1000',
  'r={nonce}s,s=c2FsdA==,i=2147483648',
  'r={nonce}s,s=c2FsdA==,i=99999999999999999999',
  'r={nonce}s,s=c2FsdA==,i=',
  'r={nonce}s,s=c2FsdA==',
  'r={nonce}s,s=,i=4096',
  'r={nonce}s,s=!,i=4096',
  'r={nonce}s,i=4096',
  's=c2FsdA==,i=4096',
  'm=x,r={nonce}s,s=c2FsdA==,i=4096',
  'r={nonce}s,s=c2FsdA==,i=4096,x=y',
  'r={nonce}s,r=other,s=c2FsdA==,i=4096',
  'i=4096,s=c2FsdA==,r={nonce}s',
  'r={nonce}\u00ff\u0000,s=c2FsdA==,i=4096',
  'v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  'e=other-error',
  ',,,,',
  '====',
]

const foreign = ['r=another-nonce,s=c2FsdA==,i=4096', 'r=,s=c2FsdA==,i=4096', 'r=x{nonce},s=c2FsdA==,i=4096']

/** Conditions of RFC 6120 6.5, and others. */
const refusals = [
  'not-authorized',
  'aborted',
  'account-disabled',
  'credentials-expired',
  'encryption-required',
  'incorrect-encoding',
  'invalid-authzid',
  'invalid-mechanism',
  'malformed-request',
  'mechanism-too-weak',
  'temporary-auth-failure',
  'unheard-of',
  '',
]

function asked(name: string, texts: readonly string[], rule: Breakage['rule']): Breakage {
  return {
    name,
    element: 'SASL',
    stages: ['auth'],
    rule,
    texts,
    instead: ({ line, element }, part) => {
      const nonce = /r=([^,]*)/.exec(Buffer.from(element?.text ?? '', 'base64').toString())?.[1] ?? ''
      const message = textOf(part).replace('{nonce}', nonce)
      line.send(`<challenge xmlns="${SASL}">${base64(message)}</challenge>`)
    },
  }
}

/** The message of a success in place of the server's proof. */
function success(name: string, content: (proof: string) => string): Breakage {
  return {
    name,
    element: 'SASL',
    stages: ['response'],
    rule: 'unproven-login',
    within: (usual) =>
      usual.replace(/(<success[^>]*>)([^<]*)</, (_all, tag: string, proof: string) => {
        return `${tag}${content(Buffer.from(proof, 'base64').toString())}<`
      }),
  }
}

const saslBreakages: readonly Breakage[] = [
  asked('another challenge', challenges, 'silence'),
  asked('challenge with a nonce that is not the own one', foreign, 'foreign-nonce'),
  {
    name: 'challenge that is no Base64',
    element: 'SASL',
    stages: ['auth', 'response'],
    rule: 'silence',
    texts: ['!', 'cg', 'cj0=cj0=', ' c j 0 = ', '\u00e4', '<x/>'],
    instead: ({ line }, part) => line.send(`<challenge xmlns="${SASL}">${textOf(part)}</challenge>`),
  },
  {
    name: 'long challenge',
    element: 'SASL',
    stages: ['auth', 'response'],
    rule: 'silence',
    sizes: [1000, 500_000],
    instead: ({ line }, part) =>
      line.send(`<challenge xmlns="${SASL}">${base64(`r=${'n'.repeat(sizeOf(part))}`)}</challenge>`),
  },
  {
    name: 'challenge once more',
    element: 'SASL',
    stages: ['response'],
    rule: 'silence',
    texts: ['', 'r=x,s=c2FsdA==,i=4096', 'v=AAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    instead: ({ line }, part) => line.send(`<challenge xmlns="${SASL}">${base64(textOf(part))}</challenge>`),
  },
  {
    name: 'success before any proof',
    element: 'SASL',
    stages: ['auth'],
    // The password itself is the proof there, and there is none in return.
    rule: 'unproven-login',
    texts: ['', 'v=', 'v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'e=other-error'],
    instead: ({ line, element }, part) => letIn(textOf(part))(line, element, () => {}),
  },
  success('success without a proof', () => ''),
  success('success with an empty proof', () => base64('v=')),
  success('success with the proof of another', (proof) => base64(`v=${base64('7'.repeat(lengthOf(proof)))}`)),
  success('success with part of the proof', (proof) => base64(proof.slice(0, -4))),
  success('success with another letter in the proof', (proof) => base64(otherLetter(proof))),
  success('success with an error', () => base64('e=other-error')),
  success('success with the proof under another name', (proof) => base64(proof.replace('v=', 'w='))),
  {
    name: 'success of another namespace',
    element: 'SASL',
    stages: ['auth', 'response'],
    rule: 'silence',
    instead: ({ line }) => line.send('<success xmlns="urn:another"/>'),
  },
  {
    name: 'refusal',
    element: 'SASL',
    stages: ['auth', 'response'],
    rule: refusalRule,
    texts: refusals,
    instead: ({ line }, part) => {
      const condition = textOf(part) === '' ? '' : `<${textOf(part)}/>`
      line.send(`<failure xmlns="${SASL}">${condition}<text xml:lang="en">no</text></failure>`)
    },
  },
  {
    name: 'another element',
    element: 'SASL',
    stages: ['auth', 'response'],
    rule: 'silence',
    texts: [
      `<abort xmlns="${SASL}"/>`,
      `<auth xmlns="${SASL}" mechanism="PLAIN">AGEAYg==</auth>`,
      '<stream:features/>',
      '<iq type="result" id="1"/>',
      '<challenge/>',
    ],
    instead: ({ line }, part) => line.send(textOf(part)),
  },
]

function refusalRule(_stage: unknown, part: Part) {
  return textOf(part) === 'temporary-auth-failure' ? 'refused-for-now' : 'refused-login'
}

function lengthOf(proof: string): number {
  return Buffer.from(proof.slice(2), 'base64').length
}

/** The same with its first letter changed: the same octets but for a few bits. */
function otherLetter(proof: string): string {
  return `v=${proof[2] === 'A' ? 'B' : 'A'}${proof.slice(3)}`
}

/** What can be wrong with TLS and the login. */
export const loginBreakages: readonly Breakage[] = [...tlsBreakages, ...saslBreakages]
