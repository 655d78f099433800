import { readFileSync } from 'node:fs'
import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { CpeSurroundings } from '../../../reference-agent/cpe.ts'
import { EnvelopeError, escapeXml, parseEnvelope } from '../../../reference-agent/soap/soap.ts'
import { alterText, emptyWhere } from './alter/exchange.ts'
import type { Mutant } from './mutant.ts'

const DOCTYPE = /<!DOCTYPE[^[>]*(\[.*?\])?>/s

/** Reads an envelope with the text in the place of the entity `e`. */
function resolved(text: string, entity: string): string {
  return text.replace(DOCTYPE, '').replaceAll('&e;', escapeXml(entity))
}

/** Fetches what a document refers to, as an XML library does that nobody told not to. */
function fetchFrom(parts: AgentParts, reference: RegExp): void {
  alterText(parts, (text) => {
    const url = reference.exec(text)?.[1]
    if (url !== undefined) void fetch(url).catch(() => {})
    return text
  })
}

export const mutants: readonly Mutant[] = [
  {
    name: 'soap-unreadable-ends-session',
    cases: ['SOAP-060', 'SOAP-061', 'SOAP-062', 'SOAP-063', 'SOAP-064', 'SOAP-069', 'SOAP-076', 'SOAP-077'],
    breaks: 'takes an answer that it cannot read for an empty one',
    apply: (parts) =>
      emptyWhere(parts, ({ body }) => {
        try {
          if (body.length > 0) parseEnvelope(body)
          return false
        } catch (error) {
          return error instanceof EnvelopeError
        }
      }),
  },
  {
    name: 'soap-lenient-end-tags',
    cases: ['SOAP-060'],
    breaks: 'ends an element with whatever end tag comes',
    apply: (parts) => alterText(parts, (text) => text.replace('</ParameterName>', '</ParameterNames>')),
  },
  {
    name: 'soap-end-tag-optional',
    cases: ['SOAP-061'],
    breaks: 'does not wait for the end of the Envelope',
    apply: (parts) =>
      alterText(parts, (text) => (text.endsWith('Body>') ? `${text}</soapenv:Envelope>` : text)),
  },
  {
    name: 'soap-lenient-ampersand',
    cases: ['SOAP-062'],
    breaks: 'takes an ampersand that begins no reference for itself',
    apply: (parts) => alterText(parts, (text) => text.replaceAll('& ', '&amp; ')),
  },
  {
    name: 'soap-reads-first-document',
    cases: ['SOAP-063'],
    breaks: 'reads up to the end of the first root element',
    apply: (parts) => alterText(parts, (text) => text.replace(/(<\/[\w-]+:Envelope>).*$/s, '$1')),
  },
  {
    name: 'soap-undeclared-prefix-by-name',
    cases: ['SOAP-064'],
    breaks: 'knows the prefix cwmp without its declaration',
    apply: (parts) =>
      alterText(parts, (text) =>
        text.includes('xmlns:cwmp=')
          ? text
          : text.replace(':Envelope ', ':Envelope xmlns:cwmp="urn:dslforum-org:cwmp-1-2" '),
      ),
  },
  {
    name: 'soap-any-version',
    cases: ['SOAP-065'],
    breaks: 'reads envelopes of SOAP 1.2',
    apply: (parts) =>
      alterText(parts, (text) =>
        text.replaceAll(
          'http://www.w3.org/2003/05/soap-envelope',
          'http://schemas.xmlsoap.org/soap/envelope/',
        ),
      ),
  },
  {
    name: 'soap-method-by-local-name',
    cases: ['SOAP-066'],
    breaks: 'knows methods by their local names, in whatever namespace',
    apply: (parts) =>
      alterText(parts, (text) => text.replace('"urn:example:x"', '"urn:dslforum-org:cwmp-1-2"')),
  },
  {
    name: 'soap-empty-body-ends-session',
    cases: ['SOAP-067'],
    breaks: 'takes an envelope with an empty Body for an empty answer',
    apply: (parts) => emptyWhere(parts, ({ body }) => /<[\w-]+:Body\s*\/>/.test(body.toString())),
  },
  {
    name: 'soap-first-entry-of-two',
    cases: ['SOAP-068'],
    breaks: 'carries out the first of two requests in a Body',
    apply: (parts) => alterText(parts, (text) => text.replace(/(<\/cwmp:\w+>)<cwmp:GetRPCMethods\/>/, '$1')),
  },
  {
    name: 'soap-skips-document-type',
    cases: ['SOAP-069'],
    breaks: 'skips a document type declaration',
    apply: (parts) => alterText(parts, (text) => text.replace(DOCTYPE, '')),
  },
  {
    name: 'soap-resolves-entities',
    cases: ['SOAP-070'],
    breaks: 'resolves entities that the envelope declares',
    apply: (parts) =>
      alterText(parts, (text) => {
        const entity = /<!ENTITY e "([^"&]*)">/.exec(text)?.[1]
        return entity === undefined ? text : resolved(text, entity)
      }),
  },
  {
    name: 'soap-fetches-external-entities',
    cases: ['SOAP-071'],
    breaks: 'fetches external entities over the network',
    apply: (parts) => fetchFrom(parts, /<!ENTITY e SYSTEM "(http[^"]*)">/),
  },
  {
    name: 'soap-fetches-document-types',
    cases: ['SOAP-072'],
    breaks: 'fetches external document types over the network',
    apply: (parts) => fetchFrom(parts, /<!DOCTYPE \S+ SYSTEM "(http[^"]*)">/),
  },
  {
    name: 'soap-reads-entities-from-files',
    cases: ['SOAP-073'],
    breaks: 'puts the content of its own files in the place of external entities',
    apply: (parts) =>
      alterText(parts, (text) => {
        const file = /<!ENTITY e SYSTEM "(file:[^"]*)">/.exec(text)?.[1]
        return file === undefined ? text : resolved(text, readFileSync(new URL(file), 'utf8'))
      }),
  },
  {
    name: 'soap-expands-entities-in-entities',
    cases: ['SOAP-074'],
    breaks: 'expands entities within entities until a megabyte is full, and carries the request out',
    apply: (parts) =>
      alterText(parts, (text) =>
        text.includes('<!ENTITY e9 ') ? resolved(text, 'bomb'.repeat(1 << 18)) : text,
      ),
  },
  {
    name: 'soap-restarts-at-deep-nesting',
    cases: ['SOAP-075'],
    breaks: 'runs out of stack and restarts at deeply nested elements',
    apply: (parts) => {
      const { createCpe } = parts
      let device: CpeSurroundings | undefined
      parts.createCpe = (surroundings) => {
        device = surroundings
        return createCpe(surroundings)
      }
      alterText(parts, (text) => {
        if (text.includes('<a><a><a><a>')) device?.reboot()
        return text
      })
    },
  },
  {
    name: 'soap-lenient-utf-8',
    cases: ['SOAP-076'],
    breaks: 'replaces octets that are no UTF-8',
    apply: (parts) => alterText(parts, (text) => text),
  },
  {
    name: 'soap-skips-processing-instructions',
    cases: ['SOAP-077'],
    breaks: 'skips processing instructions',
    apply: (parts) => alterText(parts, (text) => text.replace(/<\?xml-[^>]*\?>/g, '')),
  },
]
