/** What makes a server's certificate good enough to talk to it (TR-069 3.3). */
import { X509Certificate } from 'node:crypto'
import { checkServerIdentity, rootCertificates, type TLSSocket } from 'node:tls'

/** The certificate is refused; the message says why. */
export class CertificateRefused extends Error {
  override readonly name = 'CertificateRefused'
}

export interface CertificatePolicy {
  /** Host of the URL, never what DNS made of it. */
  host: string
  /** Device time in milliseconds; undefined when the device does not know it: then dates do not count. */
  now: number | undefined
  /** Trusted roots in PEM; those that Node carries otherwise. */
  trustedCa: string | undefined
}

/** Failures that OpenSSL finds by the machine's time, which is not the device's. */
const TIME_ERRORS = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']

/** Extended key usages under which a server may use its certificate: server authentication and any. */
const SERVER_USAGES = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0']

const LONGEST_CHAIN = 10

/** Checks what a server has shown in a handshake that was made without `rejectUnauthorized`: root, usage, name, dates. Throws CertificateRefused. */
export function checkCertificate(socket: TLSSocket, { host, now, trustedCa }: CertificatePolicy): void {
  const leaf = socket.getPeerX509Certificate()
  if (!leaf) throw new CertificateRefused('the server shows no certificate')
  const failure = socket.authorizationError as unknown as string | null
  const isTimeError = failure !== null && TIME_ERRORS.includes(failure)
  // Once it has found a wrong date, OpenSSL does not tell what else is wrong.
  const chain = isTimeError ? trustedChain(leaf, rootsOf(trustedCa)) : shownChain(leaf)
  if (failure === 'INVALID_PURPOSE' || !mayServe(leaf)) {
    throw new CertificateRefused('the certificate may not be used by a server')
  }
  if (failure !== null && !isTimeError)
    throw new CertificateRefused(`the certificate is not trusted (${failure})`)
  const misnamed = checkServerIdentity(host, leaf.toLegacyObject())
  if (misnamed) throw new CertificateRefused(`the certificate is for another host (${misnamed.message})`)
  if (now !== undefined) for (const each of chain) checkDates(each, now)
}

function checkDates({ subject, validFromDate, validToDate }: X509Certificate, now: number): void {
  const name = subject.replaceAll('\n', ', ')
  if (validToDate.getTime() < now) {
    throw new CertificateRefused(`the certificate of ${name} has expired (${validToDate.toISOString()})`)
  }
  if (validFromDate.getTime() > now) {
    throw new CertificateRefused(
      `the certificate of ${name} is not valid yet (${validFromDate.toISOString()})`,
    )
  }
}

function mayServe(leaf: X509Certificate): boolean {
  // Node calls the extended key usages so; a certificate without any may be used for all.
  const usages = leaf.keyUsage as readonly string[] | undefined
  return usages === undefined || usages.some((each) => SERVER_USAGES.includes(each))
}

/** The certificates that the server has shown and OpenSSL has approved. */
function shownChain(leaf: X509Certificate): X509Certificate[] {
  const chain = [leaf]
  for (
    let next = leaf.issuerCertificate;
    next && chain.length < LONGEST_CHAIN;
    next = next.issuerCertificate
  ) {
    if (chain.at(-1)?.fingerprint256 === next.fingerprint256) break
    chain.push(next)
  }
  return chain
}

/** From a certificate up to a trusted root, each signed by the next. Throws CertificateRefused where there is no such way. */
function trustedChain(leaf: X509Certificate, roots: readonly X509Certificate[]): X509Certificate[] {
  const chain = [leaf]
  for (const shown of shownChain(leaf)) {
    const last = chain.at(-1) as X509Certificate
    if (roots.some(({ fingerprint256 }) => fingerprint256 === last.fingerprint256)) return chain
    const root = roots.find((each) => issued(each, last))
    if (root) return [...chain, root]
    const next = shown.issuerCertificate
    if (!next || !issued(next, last)) break
    chain.push(next)
  }
  throw new CertificateRefused('the certificate is not trusted (no way to a trusted root)')
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  return issuer.ca && subject.checkIssued(issuer) && subject.verify(issuer.publicKey)
}

function rootsOf(pem: string | undefined): X509Certificate[] {
  const texts =
    pem === undefined
      ? rootCertificates
      : (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [])
  return texts.map((text) => new X509Certificate(text))
}
