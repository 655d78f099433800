import './metadata.ts'
import type { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** `EC` is P-256, `RSA` has 2048 bits. Signatures are made with SHA-256. */
type KeyKind = 'EC' | 'RSA'

/** What a certificate says about its holder; everything has a default that makes a good certificate of a server on 127.0.0.1. */
export interface CertificateDetails {
  /** The subject's common name; the first of `names`, else `unnamed`. */
  commonName?: string
  /** DNS names (wildcards too) and IP addresses for subjectAltName, which is left out when there are none; 127.0.0.1 unless given. */
  names?: readonly string[]
  /** First moment of validity; a year ago unless given. */
  notBefore?: Date
  /** Last moment of validity; in ten years unless given. */
  notAfter?: Date
  /** What extendedKeyUsage allows; `server` unless given, and with `any` there is no such extension. */
  usage?: 'server' | 'client' | 'any'
  /** Kind of the holder's key; `EC` unless given. */
  key?: KeyKind
}

/** Certificate and private key of one holder, both PEM. `cert` may carry the chain behind it, leaf first. */
export interface Credentials {
  readonly cert: string
  readonly key: string
}

/** What is needed to make one more certificate authority. */
export type AuthorityDetails = Pick<CertificateDetails, 'commonName' | 'notBefore' | 'notAfter' | 'key'>

interface Holder {
  readonly name: string
  readonly keys: webcrypto.CryptoKeyPair
}

const YEAR_MS = 365.25 * 24 * 3_600_000
const HASH = 'SHA-256'

/** A certificate authority that lives in memory. Nobody trusts it except who is given `cert`. */
export class CertificateAuthority {
  /** Its own certificate, PEM. */
  readonly cert: string
  readonly #holder: Holder

  private constructor(holder: Holder, cert: string) {
    this.#holder = holder
    this.cert = cert
  }

  /** A root: a certificate authority that vouches for itself. */
  static async create(details: AuthorityDetails = {}): Promise<CertificateAuthority> {
    const holder = await newHolder(details.commonName ?? 'Root of the bench', details.key)
    return new CertificateAuthority(holder, await certify(holder, holder, details, authority(holder, holder)))
  }

  /** An authority below this one. Who trusts only this one needs `cert` of both, or a chain of `issue` with it behind. */
  async intermediate(details: AuthorityDetails = {}): Promise<CertificateAuthority> {
    const holder = await newHolder(details.commonName ?? 'Intermediate of the bench', details.key)
    return new CertificateAuthority(
      holder,
      await certify(holder, this.#holder, details, authority(holder, this.#holder)),
    )
  }

  /** Certifies a new key. */
  issue(details: CertificateDetails = {}): Promise<Credentials> {
    return newCredentials(details, this.#holder)
  }

  /** A certificate that a server has issued which this authority vouches for: the server is no authority. The chain is complete. */
  async issueByLeaf(details: CertificateDetails = {}): Promise<Credentials> {
    const server = await newHolder('A server of the bench')
    const extensions = leaf(server, this.#holder, ['server.example'], 'any')
    const [between, issued] = await Promise.all([
      certify(server, this.#holder, details, extensions),
      newCredentials(details, server),
    ])
    return { cert: `${issued.cert}\n${between}`, key: issued.key }
  }
}

/** A certificate of a server or client that nobody vouches for but itself. */
export function selfSigned(details: CertificateDetails = {}): Promise<Credentials> {
  return newCredentials(details)
}

/** The moment so many years from now; before now when negative. */
export function yearsFromNow(years: number): Date {
  return new Date(Date.now() + years * YEAR_MS)
}

async function newCredentials(details: CertificateDetails, issuer?: Holder): Promise<Credentials> {
  const names = details.names ?? ['127.0.0.1']
  const holder = await newHolder(details.commonName ?? names[0] ?? 'unnamed', details.key)
  const cert = await certify(
    holder,
    issuer ?? holder,
    details,
    leaf(holder, issuer ?? holder, names, details.usage),
  )
  const der = await crypto.subtle.exportKey('pkcs8', holder.keys.privateKey)
  return { cert, key: PemConverter.encode(der, 'PRIVATE KEY') }
}

async function newHolder(name: string, kind: KeyKind = 'EC'): Promise<Holder> {
  const algorithm =
    kind === 'EC'
      ? { name: 'ECDSA', namedCurve: 'P-256' }
      : { name: 'RSASSA-PKCS1-v1_5', hash: HASH, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
  return {
    name,
    keys: (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair,
  }
}

async function certify(
  subject: Holder,
  issuer: Holder,
  { notBefore = yearsFromNow(-1), notAfter = yearsFromNow(10) }: CertificateDetails,
  extensions: Promise<Extension[]>,
): Promise<string> {
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: distinguished(subject),
    issuer: distinguished(issuer),
    notBefore,
    notAfter,
    publicKey: subject.keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: { ...issuer.keys.privateKey.algorithm, hash: HASH },
    extensions: await extensions,
  })
  return certificate.toString('pem')
}

/** Typed, so that no character of a name has a meaning. */
function distinguished({ name }: Holder): Name {
  return new Name([{ CN: [{ utf8String: name }] }])
}

async function authority(holder: Holder, issuer: Holder): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(true, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ...(await identifiers(holder, issuer)),
  ]
}

async function leaf(
  holder: Holder,
  issuer: Holder,
  names: readonly string[],
  usage: CertificateDetails['usage'] = 'server',
): Promise<Extension[]> {
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
    ...(await identifiers(holder, issuer)),
  ]
  if (usage !== 'any')
    extensions.push(
      new ExtendedKeyUsageExtension([ExtendedKeyUsage[usage === 'server' ? 'serverAuth' : 'clientAuth']]),
    )
  if (names.length > 0)
    extensions.push(
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
    )
  return extensions
}

async function identifiers(holder: Holder, issuer: Holder): Promise<Extension[]> {
  return [
    await SubjectKeyIdentifierExtension.create(holder.keys.publicKey),
    await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
  ]
}

/** Positive and at most 20 octets, as RFC 5280 4.1.2.2 wants it. */
function serialNumber(): string {
  const octets = crypto.getRandomValues(Buffer.alloc(16))
  octets[0] = ((octets[0] as number) & 0x7f) | 0x40
  return octets.toString('hex')
}
