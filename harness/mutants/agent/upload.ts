import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { FileTransferError } from '../../../reference-agent/transfer/failure.ts'
import { HttpFileClient } from '../../../reference-agent/transfer/http-file-client.ts'
import { alterRpc } from './alter/rpc.ts'
import { alterContents, alterStore, reportAs } from './alter/transfer.ts'
import { alterInforms } from './alter/wire.ts'
import { alterFault, withText } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'upload-succeeds-without-sending',
    cases: [
      'TRF-UP-001',
      'TRF-UP-002',
      'TRF-UP-003',
      'TRF-UP-007',
      'TRF-UP-008',
      'TRF-UP-009',
      'TRF-UP-011',
      'TRF-UP-013',
      'TRF-FTP-009',
      'TRF-FTP-010',
    ],
    breaks: 'says that an upload succeeded before it has sent anything',
    apply: (parts) => alterStore(parts, async () => {}),
  },
  {
    name: 'upload-of-nothing',
    cases: ['TRF-UP-001', 'TRF-UP-003', 'TRF-UP-007', 'TRF-UP-008', 'TRF-FTP-009', 'TRF-CFG-004'],
    breaks: 'uploads an empty file',
    apply: (parts) =>
      alterContents(
        parts,
        (Base) =>
          class extends Base {
            override read(): Buffer {
              return Buffer.alloc(0)
            }
          },
      ),
  },
  {
    name: 'upload-of-the-factory-configuration',
    cases: ['TRF-CFG-004'],
    breaks: 'uploads the configuration that it was made with',
    apply: (parts) =>
      alterContents(
        parts,
        (Base) =>
          class extends Base {
            override read(): Buffer {
              return Buffer.from("config cpe 'cpe'\n\toption provisioning_code ''\n")
            }
          },
      ),
  },
  {
    name: 'upload-by-post',
    cases: ['TRF-UP-002'],
    breaks: 'uploads by POST',
    apply: (parts) =>
      alterStore(parts, async ({ url }, content) => {
        await fetch(url, { method: 'POST', body: new Uint8Array(content) })
      }),
  },
  {
    name: 'upload-told-as-download',
    cases: ['TRF-UP-004'],
    breaks: 'tells M Download for an upload',
    apply: (parts) => alterInforms(parts, (xml) => xml.replaceAll('>M Upload<', '>M Download<')),
  },
  {
    name: 'upload-without-credentials',
    cases: ['TRF-UP-007', 'TRF-UP-008'],
    breaks: 'shows no credentials to the server of an upload',
    apply: (parts) =>
      alterStore(parts, (file, content, signal, properly) =>
        properly({ ...file, credentials: { username: '', password: '' } }, content, signal),
      ),
  },
  {
    name: 'upload-refused-is-file-transfer-failure',
    cases: ['TRF-UP-012'],
    breaks: 'reports an upload that was refused as 9010',
    apply: (parts) => reportAs(parts, 9011, 9010),
  },
  {
    name: 'upload-needs-201',
    cases: ['TRF-UP-014'],
    breaks: 'takes no other status than 201 for the success of an upload',
    apply: (parts) => {
      parts.createFileClient = (_protocol, options) =>
        new (class extends HttpFileClient {
          #isUpload = false

          override store(...args: Parameters<HttpFileClient['store']>): Promise<void> {
            this.#isUpload = true
            return super.store(...args)
          }

          protected override check(status: number): void {
            super.check(status)
            if (this.#isUpload && status !== 201) throw new FileTransferError('failed', `status ${status}`)
          }
        })(options)
    },
  },
  {
    name: 'upload-scheme-is-an-argument',
    cases: ['TRF-UP-016'],
    breaks: 'refuses an unknown scheme with 9003',
    apply: (parts) =>
      alterFault(parts, 'Upload', (fault) => (fault.faultCode === 9013 ? new CwmpFault(9003) : fault)),
  },
  {
    name: 'upload-of-any-type',
    cases: ['TRF-UP-017'],
    breaks: 'uploads its configuration when it does not know the file type',
    apply: (parts) =>
      alterRpc(parts, 'Upload', (request, context, properly) =>
        properly(
          withText(request, 'FileType', (type) =>
            /^[1-4] /.test(type) ? type : '1 Vendor Configuration File',
          ),
          context,
        ),
      ),
  },
  {
    name: 'upload-cuts-long-key',
    cases: ['TRF-UP-018'],
    breaks: 'keeps the first 32 characters of a CommandKey that is too long',
    apply: (parts) =>
      alterRpc(parts, 'Upload', (request, context, properly) =>
        properly(
          withText(request, 'CommandKey', (key) => key.slice(0, 32)),
          context,
        ),
      ),
  },
]
