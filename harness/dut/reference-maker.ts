import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'

/**
 * Who makes firmware for the reference agent. The key is no secret, because it comes from these words, and protects nothing: it is there so that an
 * image can have a good signature or a wrong one.
 */
const WORDS = 'maker of the reference agent'

/** What stands before the 32 octets of an Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS_8 = Buffer.from('302e020100300506032b657004220420', 'hex')

const key = createPrivateKey({
  key: Buffer.concat([PKCS_8, createHash('sha256').update(WORDS).digest()]),
  format: 'der',
  type: 'pkcs8',
})

/** What the agent is told by `--firmware-key`; PEM. */
export const FIRMWARE_KEY = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()

/** The maker's signature over a text, in base64. */
export function signedByMaker(text: string): string {
  return sign(null, Buffer.from(text), key).toString('base64')
}
