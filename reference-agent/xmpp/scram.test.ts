import { expect, test } from 'vitest'
import { chooseMechanism, createMechanism, SaslError } from './scram.ts'

const account = { username: 'user', password: 'pencil' }

function mechanism(name: string, nonce: string, credentials = account) {
  return createMechanism(name, credentials, { fraction: () => 0, token: () => nonce })
}

/** The examples of RFC 5802 and RFC 7677. */
const EXAMPLES = [
  {
    name: 'SCRAM-SHA-1',
    nonce: 'fyko+d2lbbFgONRv9qkxdawL',
    challenge: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
    response: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    final: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
  },
  {
    name: 'SCRAM-SHA-256',
    nonce: 'rOprNGfwEbeRWgbNEkqO',
    challenge: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    response:
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    final: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  },
]

test.each(EXAMPLES)('$name is that of the standard', ({ name, nonce, challenge, response, final }) => {
  const subject = mechanism(name, nonce)
  expect(subject.initial()).toBe(`n,,n=user,r=${nonce}`)
  expect(subject.respond(challenge)).toBe(response)
  expect(() => subject.verify(final)).not.toThrow()
})

test('a name with special characters is escaped', () => {
  expect(mechanism('SCRAM-SHA-1', 'n', { username: 'a=,b', password: '' }).initial()).toBe(
    'n,,n=a=3D=2Cb,r=n',
  )
})

test('a server that does not know the password itself is refused', () => {
  const [{ name, nonce, challenge, final }] = EXAMPLES as [(typeof EXAMPLES)[0]]
  for (const wrong of ['', 'v=', 'v=AAAA', 'e=other-error', final.replace('rm', 'mr')]) {
    const subject = mechanism(name, nonce)
    subject.respond(challenge)
    expect(() => subject.verify(wrong)).toThrow(SaslError)
  }
  expect(() => mechanism(name, nonce).verify(final)).toThrow(SaslError)
  // The signature may also come as a last challenge.
  const subject = mechanism(name, nonce)
  subject.respond(challenge)
  expect(subject.respond(final)).toBe('')
  expect(() => subject.verify('')).not.toThrow()
})

test.each([
  ['another nonce', 'r=other,s=QSXCR+Q6sek8bf92,i=4096'],
  ['no nonce of its own', 'r=n,s=QSXCR+Q6sek8bf92,i=4096'],
  ['no iterations', 'r=nx,s=QSXCR+Q6sek8bf92,i=0'],
  ['countless iterations', 'r=nx,s=QSXCR+Q6sek8bf92,i=4000000000'],
  ['an extension', 'm=x,r=nx,s=QSXCR+Q6sek8bf92,i=4096'],
])('a challenge with %s is refused', (_name, challenge) => {
  expect(() => mechanism('SCRAM-SHA-1', 'n').respond(challenge)).toThrow(SaslError)
})

test('the strongest mechanism is taken, and none that shows the password without TLS', () => {
  expect(chooseMechanism(['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256'], true)).toBe('SCRAM-SHA-256')
  expect(chooseMechanism(['PLAIN', 'SCRAM-SHA-1'], true)).toBe('SCRAM-SHA-1')
  expect(chooseMechanism(['PLAIN', 'ANONYMOUS'], true)).toBe('PLAIN')
  expect(chooseMechanism(['PLAIN', 'ANONYMOUS'], false)).toBeUndefined()
  expect(mechanism('PLAIN', '').initial()).toBe('\0user\0pencil')
  expect(() => mechanism('PLAIN', '').respond('')).toThrow(SaslError)
})
