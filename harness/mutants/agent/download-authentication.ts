import { FileTransferError } from '../../../reference-agent/transfer/failure.ts'
import { HttpFileClient } from '../../../reference-agent/transfer/http-file-client.ts'
import { alterFetch, reportAs } from './alter/transfer.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'download-without-credentials',
    cases: ['TRF-AUTH-001', 'TRF-AUTH-002', 'TRF-AUTH-003'],
    breaks: 'shows no credentials to the file server',
    apply: (parts) =>
      alterFetch(parts, (file, sink, signal, properly) =>
        properly({ ...file, credentials: { username: '', password: '' } }, sink, signal),
      ),
  },
  {
    name: 'download-password-in-clear',
    cases: ['TRF-AUTH-004'],
    breaks: 'shows user name and password by Basic before the server says what it wants',
    apply: (parts) =>
      alterFetch(parts, async (file, sink, signal, properly) => {
        const { username, password } = file.credentials
        const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
        await fetch(file.url, { headers: { authorization } })
        await properly(file, sink, signal)
      }),
  },
  {
    name: 'download-refused-is-success',
    cases: ['TRF-AUTH-005'],
    breaks: 'takes the answer 401 for the file',
    apply: (parts) => {
      parts.createFileClient = (_protocol, options) =>
        new (class extends HttpFileClient {
          protected override check(status: number): void {
            if (status !== 401) super.check(status)
          }
        })(options)
    },
  },
  {
    name: 'transfer-refused-is-general-failure',
    cases: ['TRF-AUTH-006', 'TRF-AUTH-007', 'TRF-UP-010', 'TRF-FTP-006'],
    breaks: 'reports credentials that were refused as 9010',
    apply: (parts) => reportAs(parts, 9012, 9010),
  },
  {
    name: 'download-asks-again-and-again',
    cases: ['TRF-AUTH-008'],
    breaks: 'shows credentials that were refused ten times more',
    apply: (parts) =>
      alterFetch(parts, async (file, sink, signal, properly) => {
        for (let count = 0; ; count++) {
          try {
            await properly(file, sink, signal)
            return
          } catch (error) {
            if (!(error instanceof FileTransferError) || count === 10) throw error
          }
        }
      }),
  },
]
