/** The prefixes in which an ACS speaks of the two namespaces of SOAP. */
export interface SoapPrefixes {
  readonly envelope: string
  readonly encoding: string
}

/** What envelopes are built with, and nobody has to be told. */
export const USUAL_PREFIXES: SoapPrefixes = { envelope: 'soapenv', encoding: 'soapenc' }

/** The usual prefixes where a name or an attribute's value begins. */
const SPELT = /(?<=[<\s"'/]|xmlns:)(?:soapenv|soapenc)(?=[:=])/g

/**
 * The same document in other prefixes: those of the tags and in the values of their attributes. What lies between the tags stays as it is,
 * and so does a document that has the usual prefixes nowhere.
 */
export function withPrefixes(document: string, { envelope, encoding }: SoapPrefixes): string {
  if (envelope === USUAL_PREFIXES.envelope && encoding === USUAL_PREFIXES.encoding) return document
  return document.replaceAll(/<[^>]*>/g, (tag) =>
    tag.replaceAll(SPELT, (prefix) => (prefix === USUAL_PREFIXES.envelope ? envelope : encoding)),
  )
}
