/** XML signatures over parts of the document that they stand in. */
import { createHash, type KeyObject, verify, X509Certificate } from 'node:crypto'
import { type Canonicalization, canonical, EXCLUSIVE, INCLUSIVE } from './canonical.ts'
import {
  attributeOf,
  childOf,
  childrenOf,
  elementsIn,
  MalformedVoucher,
  type OrderedElement,
  textOf,
} from './ordered-xml.ts'

export const SIGNATURES = 'http://www.w3.org/2000/09/xmldsig#'

/** A signature that is none, or of somebody who is not trusted. */
export class BadSignature extends Error {
  override readonly name = 'BadSignature'
}

const DIGESTS: Readonly<Record<string, string>> = {
  [`${SIGNATURES}sha1`]: 'sha1',
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
}

const SIGNATURE_METHODS: Readonly<Record<string, { digest: string; key: 'rsa' | 'ec' }>> = {
  [`${SIGNATURES}rsa-sha1`]: { digest: 'sha1', key: 'rsa' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': { digest: 'sha256', key: 'rsa' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': { digest: 'sha256', key: 'ec' },
}

/** Signatures between a signer and a root at most. */
const LONGEST_CHAIN = 4

/**
 * The elements that a Signature element signs. Throws MalformedVoucher for what is no signature, BadSignature for one that does not hold at that moment
 * (milliseconds; undefined when the time is not known) under these roots.
 */
export function signedElements(
  signature: OrderedElement,
  roots: readonly X509Certificate[],
  now: number | undefined,
): OrderedElement[] {
  const info = childOf(signature, 'SignedInfo')
  const elements = childrenOf(info, 'Reference').map((reference) => referred(signature, reference))
  const certificates = certificatesOf(signature)
  const [signer] = certificates
  if (!signer) throw new BadSignature('no certificate of a signer')
  checkTrust(signer, certificates, roots, now)
  checkValue(signature, info, signer.publicKey)
  return elements
}

/** What a Reference refers to, with the digest that it gives. */
function referred(signature: OrderedElement, reference: OrderedElement): OrderedElement {
  const id = /^#(.+)$/.exec(attributeOf(reference, 'URI') ?? '')?.[1]
  const found = [...elementsIn(signature)].filter((each) => id !== undefined && idOf(each) === id)
  const [element, another] = found
  if (!element || another) throw new MalformedVoucher('a reference to nothing, or to several elements')
  const expected = Buffer.from(textOf(childOf(reference, 'DigestValue')), 'base64')
  const digest = createHash(methodOf(DIGESTS, childOf(reference, 'DigestMethod')))
    .update(canonical(element, transformOf(reference)))
    .digest()
  if (!digest.equals(expected)) throw new BadSignature('a digest is wrong')
  return element
}

function idOf(element: OrderedElement): string | undefined {
  return attributeOf(element, 'ID') ?? attributeOf(element, 'Id')
}

/** No transformation but that into a canonical form is known. */
function transformOf(reference: OrderedElement): Canonicalization {
  const transforms = childrenOf(reference, 'Transforms').flatMap((each) => childrenOf(each, 'Transform'))
  if (transforms.length > 1) throw new MalformedVoucher('several transforms')
  return transforms[0] ? canonicalizationOf(transforms[0]) : INCLUSIVE
}

function canonicalizationOf(element: OrderedElement): Canonicalization {
  const algorithm = attributeOf(element, 'Algorithm')
  if (algorithm === INCLUSIVE || algorithm === EXCLUSIVE) return algorithm
  throw new MalformedVoucher(`${element.name} of an unknown algorithm`)
}

function methodOf<T>(methods: Readonly<Record<string, T>>, element: OrderedElement): T {
  const method = methods[attributeOf(element, 'Algorithm') ?? '']
  if (method === undefined) throw new MalformedVoucher(`${element.name} of an unknown algorithm`)
  return method
}

function certificatesOf(signature: OrderedElement): X509Certificate[] {
  const data = childrenOf(signature, 'KeyInfo').flatMap((each) => childrenOf(each, 'X509Data'))
  try {
    return data
      .flatMap((each) => childrenOf(each, 'X509Certificate'))
      .map((each) => new X509Certificate(Buffer.from(textOf(each), 'base64')))
  } catch {
    throw new MalformedVoucher('an unreadable certificate')
  }
}

/** From a signer up to a root, each valid and signed by the next. */
function checkTrust(
  signer: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  now: number | undefined,
): void {
  let current = signer
  for (let links = 0; links < LONGEST_CHAIN; links++) {
    checkValidity(current, now)
    if (roots.some((root) => root.raw.equals(current.raw))) return
    const issuer = [...roots, ...others].find((each) => each.ca && isIssuedBy(current, each))
    if (!issuer) break
    current = issuer
  }
  throw new BadSignature('the signer is not trusted')
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function checkValidity({ validFromDate, validToDate }: X509Certificate, now: number | undefined): void {
  if (now !== undefined && (now < validFromDate.getTime() || now > validToDate.getTime()))
    throw new BadSignature('a certificate is not valid now')
}

function checkValue(signature: OrderedElement, info: OrderedElement, key: KeyObject): void {
  const method = methodOf(SIGNATURE_METHODS, childOf(info, 'SignatureMethod'))
  const content = Buffer.from(canonical(info, canonicalizationOf(childOf(info, 'CanonicalizationMethod'))))
  const value = Buffer.from(textOf(childOf(signature, 'SignatureValue')), 'base64')
  const isRight =
    key.asymmetricKeyType === method.key &&
    verify(method.digest, content, { key, dsaEncoding: 'ieee-p1363' }, value)
  if (!isRight) throw new BadSignature('the signature is wrong')
}
