import type { AgentParts } from '../../../reference-agent/agent.ts'
import { CwmpFault, type XmlElement } from '../../../reference-agent/soap/soap.ts'
import { HttpFileClient } from '../../../reference-agent/transfer/http-file-client.ts'
import { alterRpc } from './alter/rpc.ts'
import { alterTransfers } from './alter/transfer.ts'
import { alterFault, withMissing, withText } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

/** Changes a Download request before it is read. */
function alterRequest(parts: AgentParts, alter: (request: XmlElement) => XmlElement): void {
  alterRpc(parts, 'Download', (request, context, properly) => properly(alter(request), context))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'download-cuts-long-key',
    cases: ['TRF-ARG-001'],
    breaks: 'keeps the first 32 characters of a CommandKey that is too long',
    apply: (parts) =>
      alterRequest(parts, (request) => withText(request, 'CommandKey', (key) => key.slice(0, 32))),
  },
  {
    name: 'download-cuts-long-url',
    cases: ['TRF-ARG-002'],
    breaks: 'keeps the first 256 characters of a URL that is too long',
    apply: (parts) => alterRequest(parts, (request) => withText(request, 'URL', (url) => url.slice(0, 256))),
  },
  {
    name: 'download-of-any-type',
    cases: ['TRF-ARG-003'],
    breaks: 'takes a file of a type that it does not know',
    apply: (parts) =>
      alterRequest(parts, (request) =>
        withText(request, 'FileType', (type) => (/^[1-6] /.test(type) ? type : '2 Web Content')),
      ),
  },
  {
    name: 'download-scheme-is-an-argument',
    cases: ['TRF-ARG-004'],
    breaks: 'refuses an unknown scheme with 9003',
    apply: (parts) =>
      alterFault(parts, 'Download', (fault) =>
        fault.faultCode === 9013 ? new CwmpFault(9003, fault.message) : fault,
      ),
  },
  {
    name: 'download-reads-own-files',
    cases: ['TRF-ARG-005'],
    breaks: 'takes a file of its own for a download',
    apply: (parts) => {
      alterTransfers(
        parts,
        (Base, device) =>
          class extends Base {
            override order(order: Parameters<InstanceType<typeof Base>['order']>[0]): void {
              if (order.url.startsWith('file:')) this.records.add(order, device.clock.now())
              else super.order(order)
            }
          },
      )
      const { createFileClient } = parts
      parts.createFileClient = (protocol, options) =>
        protocol === 'file:'
          ? { fetch: async () => {}, store: async () => {} }
          : createFileClient(protocol, options)
    },
  },
  {
    name: 'download-takes-credentials-of-url',
    cases: ['TRF-ARG-006'],
    breaks: 'takes a URL with user name and password in it',
    apply: (parts) =>
      alterRequest(parts, (request) => withText(request, 'URL', (url) => url.replace(/\/\/[^/]*@/, '//'))),
  },
  {
    name: 'download-without-url',
    cases: ['TRF-ARG-007'],
    breaks: 'takes a Download without URL',
    apply: (parts) =>
      alterRequest(parts, (request) => withMissing(request, 'URL', 'http://127.0.0.1:9/nothing')),
  },
  {
    name: 'download-delay-in-words',
    cases: ['TRF-ARG-008'],
    breaks: 'takes a DelaySeconds that is no number for 0',
    apply: (parts) =>
      alterRequest(parts, (request) =>
        withText(request, 'DelaySeconds', (delay) => (/^\d+$/.test(delay) ? delay : '0')),
      ),
  },
  {
    name: 'download-refused-and-done',
    cases: ['TRF-ARG-009'],
    breaks: 'carries out a Download that it has refused',
    apply: (parts) =>
      alterRpc(parts, 'Download', (request, context, properly) => {
        const done = properly(
          withText(request, 'CommandKey', (key) => key.slice(0, 32)),
          context,
        )
        const key = request.children.find(({ name }) => name === 'CommandKey')?.text ?? ''
        if (key.length > 32) throw new CwmpFault(9003, 'CommandKey is too long')
        return done
      }),
  },
  {
    name: 'download-redirect-is-the-file',
    cases: ['TRF-ARG-010'],
    breaks: 'takes the answer that redirects it for the file',
    apply: (parts) => {
      parts.createFileClient = (_protocol, options) =>
        new (class extends HttpFileClient {
          protected override check(status: number): void {
            if (status >= 400) super.check(status)
          }

          protected override redirectTarget(): undefined {
            return undefined
          }
        })(options)
    },
  },
  {
    name: 'download-sets-parameter-key',
    cases: ['TRF-ARG-011'],
    breaks: 'takes the CommandKey of a Download for the ParameterKey',
    apply: (parts) =>
      alterRpc(parts, 'Download', (request, context, properly) => {
        const key = request.children.find(({ name }) => name === 'CommandKey')?.text ?? ''
        context.tree.setLocally('Device.ManagementServer.ParameterKey', key)
        return properly(request, context)
      }),
  },
]
