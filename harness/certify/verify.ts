import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keyFile, requiredFiles, type Statement, statementFile } from './bundle.ts'
import { fingerprint, publicKeyIn } from './keys.ts'
import { contentsOf, parseSums, signatureFile, sumOf, sumsFile } from './sums.ts'

/** Something in a bundle that is not as it was sealed. */
export interface Flaw {
  readonly file: string
  readonly what: string
}

export interface Verification {
  /** Empty when the bundle is as it was sealed. */
  readonly flaws: readonly Flaw[]
  /** How many files the list has. */
  readonly files: number
  /** Of the key that has signed it; undefined for a bundle without a signature. */
  readonly signedBy?: string
  /** Whether that key was named by whoever asks, and not only by the bundle itself. */
  readonly isKeyKnown: boolean
  readonly statement?: Statement
}

/**
 * Checks a bundle: every listed file's sum, no file that is not listed, no listed file that is missing, and the signature.
 * @param key the key that it must be signed with; without it a bundle may have none, and the one that it brings is believed
 * @throws BundleError when the folder cannot be read
 */
export async function verifyBundle(folder: string, key?: KeyObject): Promise<Verification> {
  const { files, others } = await contentsOf(folder)
  const isThere = new Set(files)
  const flaws: Flaw[] = others.map((file) => ({ file, what: 'is neither a file nor a folder' }))
  if (!isThere.has(sumsFile))
    return {
      flaws: [...flaws, { file: sumsFile, what: 'is missing: this is no sealed bundle' }],
      files: 0,
      isKeyKnown: false,
    }
  const list = await readFile(join(folder, sumsFile))
  const { sums, badLine } = parseSums(list.toString('utf8'))
  if (badLine !== undefined) flaws.push({ file: sumsFile, what: `line ${badLine} is not as it was written` })
  for (const [file, sum] of sums) {
    if (!isThere.has(file)) flaws.push({ file, what: 'is listed and missing' })
    else if ((await sumOf(join(folder, file))) !== sum)
      flaws.push({ file, what: `is not as ${sumsFile} has it` })
  }
  for (const file of requiredFiles)
    if (!sums.has(file)) flaws.push({ file, what: `is not in ${sumsFile}, and every bundle has one` })
  for (const file of files)
    if (!sums.has(file) && file !== sumsFile && file !== signatureFile && !requiredFiles.includes(file))
      flaws.push({ file, what: 'is not listed' })

  const statement = await readStatement(folder)
  const signature = await checkSignature({ folder, list, isThere, flaws, key, statement })
  return { ...signature, files: sums.size, ...(statement && { statement }) }
}

interface Signed {
  readonly folder: string
  readonly list: Buffer
  readonly isThere: ReadonlySet<string>
  readonly flaws: readonly Flaw[]
  readonly key: KeyObject | undefined
  readonly statement: Statement | undefined
}

type Signature = Pick<Verification, 'flaws' | 'signedBy' | 'isKeyKnown'>

async function checkSignature(signed: Signed): Promise<Signature> {
  const { folder, list, isThere, flaws, key, statement } = signed
  const isKeyKnown = key !== undefined
  const isExpected = isKeyKnown || isThere.has(keyFile) || statement?.key !== undefined
  if (!isThere.has(signatureFile)) {
    const missing = isExpected ? [{ file: signatureFile, what: 'is missing' }] : []
    return { flaws: [...flaws, ...missing], isKeyKnown }
  }
  const signature = await readFile(join(folder, signatureFile))
  const pem = isThere.has(keyFile) ? await readFile(join(folder, keyFile), 'utf8') : undefined
  const own = pem === undefined ? undefined : publicKeyIn(pem)
  const fits = (candidate: KeyObject | undefined) =>
    candidate !== undefined && verify(null, list, candidate, signature)
  const signer = key === undefined ? own : createPublicKey(key.export({ type: 'spki', format: 'pem' }))
  if (signer !== undefined && fits(signer)) return { flaws, signedBy: fingerprint(signer), isKeyKnown }
  if (isKeyKnown && fits(own))
    return { flaws: [...flaws, { file: keyFile, what: 'is another key than the one given' }], isKeyKnown }
  return { flaws: await blame(signed, pem, own), isKeyKnown }
}

/**
 * The signature does not fit: the list, the signature or the key was altered. Where the list agrees with every file, it
 * cannot have been the list. The statement knows the sum of the key file, so that an altered key is told from an altered list.
 */
async function blame(
  { folder, flaws, statement }: Signed,
  pem: string | undefined,
  own: KeyObject | undefined,
): Promise<Flaw[]> {
  if (pem === undefined) {
    const isKnown = flaws.some(({ file }) => file === keyFile)
    return isKnown ? [...flaws] : [...flaws, { file: keyFile, what: 'is missing, and there is a signature' }]
  }
  const signatureFlaw = { file: signatureFile, what: `does not fit ${sumsFile}` }
  if (flaws.length === 0) {
    if (own === undefined) return [{ file: keyFile, what: 'holds no Ed25519 key' }]
    return [signatureFlaw]
  }
  const isKeyIntact = (await sumOf(join(folder, keyFile))) === statement?.key?.fileSha256
  const isOnlyKey = flaws.every(({ file }) => file === keyFile)
  if (isOnlyKey && !isKeyIntact) return [...flaws]
  return [...flaws, { file: sumsFile, what: 'is not as it was signed' }]
}

async function readStatement(folder: string): Promise<Statement | undefined> {
  try {
    const statement = JSON.parse(await readFile(join(folder, statementFile), 'utf8')) as Statement
    return typeof statement?.result === 'string' ? statement : undefined
  } catch {
    return undefined
  }
}
