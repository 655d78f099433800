import { FileTransferError } from '../../../reference-agent/transfer/failure.ts'
import { alterFetch } from './alter/transfer.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'ftp-always-anonymous',
    cases: ['TRF-FTP-001'],
    breaks: 'logs in as anonymous, whatever the credentials of the request',
    apply: (parts) =>
      alterFetch(parts, (file, sink, signal, properly) =>
        properly({ ...file, credentials: { username: '', password: '' } }, sink, signal),
      ),
  },
  {
    name: 'ftp-needs-credentials',
    cases: ['TRF-FTP-002'],
    breaks: 'fetches nothing over FTP without credentials',
    apply: (parts) =>
      alterFetch(parts, (file, sink, signal, properly) => {
        if (file.credentials.username === '') throw new FileTransferError('authentication', 'no credentials')
        return properly(file, sink, signal)
      }),
  },
  {
    name: 'ftp-succeeds-without-fetching',
    cases: ['TRF-FTP-001', 'TRF-FTP-003', 'TRF-FTP-005', 'TRF-FTP-007'],
    breaks: 'says that a download over FTP succeeded before it has asked for the file',
    apply: (parts) => alterFetch(parts, async () => {}),
  },
]
