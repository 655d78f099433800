import { openSync } from 'node:fs'
import type { AgentParts } from '../../../../reference-agent/agent.ts'
import { crash } from '../alter/collapse.ts'
import { grants, guardDoor } from '../alter/connection-request.ts'
import { heeds } from '../alter/udp.ts'
import type { Mutant } from '../mutant.ts'

/** Has a look at all that comes before anybody else has read it. */
function looksAt(parts: AgentParts, look: (text: string) => void): void {
  guardDoor(parts, (caller, through) => {
    let seen = ''
    caller.on('data', (octets) => {
      seen = (seen + octets.toString('latin1')).slice(-65_536)
      look(seen)
    })
    through()
  })
}

/** One shape of request that is taken amiss. */
export const mutants: readonly Mutant[] = [
  {
    name: 'fuzz-crash-at-long-field',
    cases: [],
    language: 'connection-request',
    breaks: 'crashes at a line of more than 8192 octets in a connection request',
    apply: (parts) => looksAt(parts, (text) => void (/[^\r\n]{8193}/.test(text) && crash())),
  },
  {
    name: 'fuzz-crash-at-zero-octet',
    cases: [],
    language: 'connection-request',
    breaks: 'crashes at an octet 0 in a connection request',
    apply: (parts) => looksAt(parts, (text) => void (text.includes('\0') && crash())),
  },
  {
    name: 'fuzz-granted-for-a-cookie',
    cases: [],
    language: 'connection-request',
    breaks: 'takes whoever shows a cookie for somebody whom it has let in before',
    apply: (parts) =>
      grants(parts, ({ headers, method }) => method === 'GET' && headers.cookie !== undefined),
  },
  {
    name: 'fuzz-descriptors-of-strangers-kept',
    cases: [],
    language: 'connection-request',
    breaks: 'never closes two hundred files that it opens for each request that is no GET',
    apply: (parts) => {
      let opened = 0
      grants(parts, ({ method }) => {
        if (method !== 'GET' && opened < 2000)
          for (let each = 0; each < 200; each++, opened++) openSync('/dev/null', 'r')
        return false
      })
    },
  },
  {
    name: 'fuzz-datagram-without-user',
    cases: [],
    language: 'udp',
    breaks: 'heeds a connection request by UDP that has no user name',
    apply: (parts) =>
      heeds(
        parts,
        (message) => message.startsWith('GET ') && /\bsig=/.test(message) && !/\bun=/.test(message),
      ),
  },
]
