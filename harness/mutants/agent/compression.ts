import { gzipSync } from 'node:zlib'
import type { AgentParts } from '../../../reference-agent/agent.ts'
import { Compression, TransportError } from '../../../reference-agent/transport/transport.ts'
import { alterExchange, alterPosts } from './alter/wire.ts'
import { alterRules } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

/** Has another setting govern what is sent than the one that was made. */
function alterSetting(parts: AgentParts, alter: (setting: string) => string): void {
  const { createCompression } = parts
  parts.createCompression = (setting) => createCompression(() => alter(setting()))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'compression-never',
    cases: ['CMP-001', 'CMP-002'],
    breaks: 'takes HTTPCompression and sends everything as it is',
    apply: (parts) => alterSetting(parts, () => 'Disabled'),
  },
  {
    name: 'compression-always-gzip',
    cases: ['CMP-002'],
    breaks: 'compresses by GZIP whatever coding is asked for',
    apply: (parts) => alterSetting(parts, (setting) => (setting === 'Disabled' ? setting : 'GZIP')),
  },
  {
    name: 'compression-label-without-content',
    cases: ['CMP-001'],
    breaks: 'names the coding and sends the message as it is',
    apply: (parts) => {
      parts.createCompression = (setting) =>
        new (class extends Compression {
          override async encode(body: Buffer) {
            const { coding } = await super.encode(body)
            return { body, coding }
          }
        })(setting)
    },
  },
  {
    name: 'compression-for-good',
    cases: ['CMP-003'],
    breaks: 'goes on compressing when that is disabled again',
    apply: (parts) => {
      let latest = 'Disabled'
      alterSetting(parts, (setting) => {
        if (setting !== 'Disabled') latest = setting
        return latest
      })
    },
  },
  {
    name: 'compression-415-ends-session',
    cases: ['CMP-004', 'CMP-005'],
    breaks: 'gives the session up when the ACS answers 415',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        if (response.status === 415) throw new TransportError('415')
        return response
      }),
  },
  {
    name: 'compression-415-answered-in-kind',
    cases: ['CMP-004', 'CMP-005'],
    breaks: 'sends the message compressed again when the ACS answers 415',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        return response.status === 415 ? properly(request) : response
      }),
  },
  {
    name: 'compression-415-for-one-message',
    cases: ['CMP-006'],
    breaks: 'compresses the next message again after the ACS has answered 415',
    apply: (parts) => {
      parts.createCompression = (setting) =>
        new (class extends Compression {
          override refused(): void {}
        })(setting)
    },
  },
  {
    name: 'compression-of-nothing',
    cases: ['CMP-007'],
    breaks: 'compresses the empty POST, too, which is not empty then',
    apply: (parts) =>
      alterPosts(parts, (request) =>
        request.body.length > 0
          ? request
          : {
              ...request,
              headers: [...request.headers, ['Content-Encoding', 'gzip']],
              body: gzipSync(request.body),
            },
      ),
  },
  {
    name: 'compression-takes-any-value',
    cases: ['CMP-008'],
    breaks: 'takes any value for HTTPCompression',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        violation: (node, ...others) =>
          node.path.endsWith('.HTTPCompression') ? undefined : rules.violation(node, ...others),
      })),
  },
  {
    name: 'compression-named-as-in-http',
    cases: ['CMP-009'],
    breaks: 'names its codings as HTTP does, gzip and deflate',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        shown: (node, value) =>
          node.path.endsWith('.HTTPCompressionSupported')
            ? rules.shown(node, value).toLowerCase()
            : rules.shown(node, value),
      })),
  },
]
