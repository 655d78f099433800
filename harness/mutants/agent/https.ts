import { FileTransferError } from '../../../reference-agent/transfer/failure.ts'
import { tolerate } from './alter/dialing.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'https-not-spoken',
    cases: ['TRF-TLS-001', 'TRF-TLS-002'],
    breaks: 'takes a transfer over HTTPS and cannot carry it out',
    apply: (parts) => {
      const { createFileClient } = parts
      const refuse = () => Promise.reject(new FileTransferError('unreachable', 'no TLS'))
      parts.createFileClient = (protocol, options) =>
        protocol === 'https:' ? { fetch: refuse, store: refuse } : createFileClient(protocol, options)
    },
  },
  {
    name: 'https-any-authority',
    cases: ['TRF-TLS-003'],
    breaks: 'fetches files from servers whose certificate is of an unknown authority',
    apply: (parts) => tolerate(parts, /is not trusted/),
  },
  {
    name: 'https-any-name',
    cases: ['TRF-TLS-004'],
    breaks: 'fetches files from servers whose certificate is for another name',
    apply: (parts) => tolerate(parts, /is for another host/),
  },
  {
    name: 'https-any-time',
    cases: ['TRF-TLS-005'],
    breaks: 'fetches files from servers whose certificate has expired',
    apply: (parts) => tolerate(parts, /has expired/),
  },
]
