import { expect, test } from 'vitest'
import { Transcript } from '../cwmp/transcript.ts'
import { noSession } from './never-connected.ts'

const url = 'http://192.0.2.7:7547/cwmp'

function absence(transcript: Transcript, nowMs = 0): string {
  return noSession({
    acsUrl: url,
    seconds: 60,
    entries: transcript.since(0),
    nowMs,
    masked: (head) => transcript.maskedHead(head),
  })
}

test('of a device that never connected, the sentence names the URL and what makes it unreachable', () => {
  const transcript = new Transcript()
  transcript.note('device: provisioned')
  transcript.record({
    connection: 1,
    direction: 'acs→cpe',
    kind: 'http-head',
    octets: 'GET / HTTP/1.1\r\n\r\n',
  })

  expect(absence(transcript)).toBe(
    "the device opened no session within 60 s of being pointed at the ACS, and never connected: is http://192.0.2.7:7547/cwmp reachable from it (pixit.acs.host and publicHost, a firewall, a container's network), and did it take that URL?",
  )
})

test('of a device that only connected, it says when, from where, and what that often means', () => {
  const transcript = new Transcript()
  const connected = { connection: 3, direction: 'cpe→acs', kind: 'connect' } as const
  transcript.record({ ...connected, octets: 'from 192.0.2.9 port 40000', atMs: 1000 })
  transcript.record({ ...connected, kind: 'close', octets: 'by the peer', atMs: 30_000 })

  expect(absence(transcript, 13_500)).toBe(
    'the device opened no session within 60 s of being pointed at the ACS; last seen 12.5 s before, on connection 3: it connected from 192.0.2.9 port 40000 and sent no request (does it expect TLS, or another port?)',
  )
})

test('of a device that sent something else, it shows the request line, without credentials or control characters', () => {
  const transcript = new Transcript()
  transcript.mask('hunter22')
  const sent = { connection: 4, direction: 'cpe→acs', atMs: 500 } as const
  const head = 'POST /acs?password=hunter22\u001b[2J HTTP/1.1\r\nContent-Length: 2\r\n\r\n'
  transcript.record({ ...sent, kind: 'http-head', octets: head })
  transcript.record({ ...sent, kind: 'http-body', octets: 'hi' })

  const sentence = absence(transcript, 1500)

  expect(sentence).toContain(
    'last seen 1.0 s before, on connection 4: it sent "POST /acs?password=***\\u001b[2J HTTP/1.1"',
  )
})
