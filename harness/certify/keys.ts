import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { BundleError } from './sums.ts'

/**
 * The key that signs a bundle: an Ed25519 private key in PEM without a passphrase.
 * @throws BundleError naming the file and what it holds instead
 */
export async function readSigningKey(file: string): Promise<KeyObject> {
  return ed25519(file, await readPem(file), createPrivateKey, 'an Ed25519 private key in PEM')
}

/** The key that a bundle has to be signed with. @throws BundleError naming the file and what it holds instead */
export async function readPublicKey(file: string): Promise<KeyObject> {
  return ed25519(file, await readPem(file), createPublicKey, 'an Ed25519 public key in PEM')
}

/** The public half as the bundle carries it. */
export function publicPem(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
}

/** What people compare: SHA-256 over the public key (DER), as OpenSSH shows it. */
export function fingerprint(key: KeyObject): string {
  const der = (key.type === 'public' ? key : createPublicKey(key)).export({ type: 'spki', format: 'der' })
  return `SHA256:${createHash('sha256').update(der).digest('base64').replace(/=+$/, '')}`
}

/** Reads a key that is no error of the user: undefined when the text holds none. */
export function publicKeyIn(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem)
    return key.asymmetricKeyType === 'ed25519' ? key : undefined
  } catch {
    return undefined
  }
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new BundleError(`${file}: expected a key in PEM, got ${code === 'ENOENT' ? 'no such file' : code}`)
  }
}

function ed25519(file: string, pem: string, read: (pem: string) => KeyObject, expected: string): KeyObject {
  let key: KeyObject
  try {
    key = read(pem)
  } catch {
    // The label of the PEM block, "ENCRYPTED PRIVATE KEY", or the header of the older format.
    const got = pem.includes('ENCRYPTED') ? 'one with a passphrase' : 'none'
    throw new BundleError(`${file}: expected ${expected}, got ${got}`)
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new BundleError(`${file}: expected ${expected}, got one of ${key.asymmetricKeyType}`)
  return key
}
