import { describe, expect, test } from 'vitest'
import { Transcript } from '../../cwmp/transcript.ts'
import { ATTACK } from '../large-fixture.ts'
import { wireEvents } from './messages.ts'
import { sequenceDiagram } from './sequence.ts'

const envelope = (body: string) =>
  `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/><soap:Body>${body}</soap:Body></soap:Envelope>`
const inform = (event: string) =>
  envelope(
    `<cwmp:Inform><Event><EventStruct><EventCode>${event}</EventCode><CommandKey/></EventStruct></Event></cwmp:Inform>`,
  )

/** Two sessions, as the bench records them; the second one has a fault. */
function twoSessions(words = 'Invalid name'): { text: string; faultLine: number } {
  const transcript = new Transcript()
  let atMs = 0
  const record = (connection: number, direction: 'cpe→acs' | 'acs→cpe', head: string, body?: string) => {
    atMs += 10
    transcript.record({
      connection,
      direction,
      kind: 'http-head',
      octets: `${head}\r\nHost: x\r\n\r\n`,
      atMs,
    })
    if (body !== undefined)
      transcript.record({ connection, direction, kind: 'http-body', octets: body, atMs })
  }
  const connect = (connection: number) =>
    transcript.record({ connection, direction: 'cpe→acs', kind: 'connect', octets: 'from 192.0.2.9', atMs })
  const [post, ok] = ['POST / HTTP/1.1', 'HTTP/1.1 200 OK']

  connect(1)
  record(1, 'cpe→acs', post, inform('1 BOOT'))
  record(1, 'acs→cpe', ok, envelope('<cwmp:InformResponse/>'))
  record(1, 'cpe→acs', post)
  record(1, 'acs→cpe', 'HTTP/1.1 204 No Content')
  transcript.record({ connection: 1, direction: 'cpe→acs', kind: 'close', octets: 'by the device', atMs })
  transcript.note('device: a line of its log\n\n#1  1.0 ms  connection 9  cpe→acs  no body')
  transcript.note('a remark of the bench')
  connect(2)
  record(2, 'cpe→acs', post, inform('6 CONNECTION REQUEST'))
  record(2, 'acs→cpe', ok, envelope('<cwmp:GetParameterValues/>'))
  const fault = envelope(
    `<soap:Fault><detail><cwmp:Fault><FaultCode>9005</FaultCode><FaultString>${words}</FaultString></cwmp:Fault></detail></soap:Fault>`,
  )
  record(2, 'cpe→acs', post, fault)
  const text = transcript.render(transcript.since(0))
  return { text, faultLine: text.split('\n').findIndex((line) => line.includes('9005')) + 1 }
}

test('a transcript is read as what it was made of: messages by their names, remarks, connections', () => {
  const events = wireEvents(twoSessions().text)

  expect(events.map(({ from, kind, label }) => `${from} ${kind} ${label}`)).toEqual([
    'cpe connect from 192.0.2.9',
    'cpe message Inform: 1 BOOT',
    'acs message InformResponse',
    'cpe message empty POST',
    'acs message HTTP 204 No Content',
    'cpe close by the device',
    'harness note a remark of the bench',
    'cpe connect from 192.0.2.9',
    'cpe message Inform: 6 CONNECTION REQUEST',
    'acs message GetParameterValues',
    'cpe message Fault 9005 Invalid name',
  ])
})

test.each([
  ['GET /cr HTTP/1.1\nHost: x', 'GET /cr'],
  ['HTTP/1.1 401 Unauthorized', 'HTTP 401 Unauthorized'],
  [`HTTP/1.1 500 No\n\n${envelope('<X:Reboot/>')}`, 'Reboot (HTTP 500 No)'],
  ['<iq type="set" id="1">', '<iq type="set" id="1">'],
])('the message %j is called %j', (message, label) => {
  const [event] = wireEvents(`#1        0.1 ms  connection 1  cpe→acs  9 octets\n${message}\n\n`)

  expect(event?.label).toBe(label)
})

describe('the diagram', () => {
  test('shows the session at fault and marks the message, for eyes and for ears', () => {
    const { text, faultLine } = twoSessions()

    const source = sequenceDiagram('RPC-A-001', text, faultLine)?.source ?? ''

    const labels = [...source.matchAll(/class="label"[^>]*>([^<]*)</g)].map(([, label]) => label)
    expect(labels).toEqual([
      'opens a connection',
      'Inform: 6 CONNECTION REQUEST',
      'GetParameterValues',
      'Fault 9005 Invalid name',
    ])
    expect(source.match(/<g class="at-fault">/g)).toHaveLength(1)
    expect(source).toContain('<li>Device to bench: Fault 9005 Invalid name (at fault)</li>')
    expect(source).toContain('6 earlier events')
    expect(source).toContain('>+20.0 ms<')
  })

  test('of a long session it shows what surrounds the fault', () => {
    const message = (at: number) => `#${at}  ${at}.0 ms  connection 1  acs→cpe  no body\nHTTP/1.1 200 OK\n`
    const text = Array.from({ length: 100 }, (_, at) => message(at + 1)).join('\n')

    const source = sequenceDiagram('RPC-A-001', text, 3 * 60 + 1)?.source ?? ''

    expect(source.match(/class="label"/g)).toHaveLength(40)
    expect(source).toContain('40 earlier events')
    expect(source).toContain('20 later events')
    expect(source.match(/\(at fault\)/g)).toHaveLength(1)
  })

  test('nothing that a device sent becomes markup', () => {
    const { text, faultLine } = twoSessions(ATTACK.replaceAll('<', '\u2039'))
    const hostile = text.replaceAll('\u2039', '<')

    const source = sequenceDiagram(ATTACK, hostile, faultLine)?.source ?? ''

    expect(source).not.toContain('<img')
    expect(source).not.toContain('</script')
    expect(source).not.toContain('\u202e')
  })

  test('there is none without messages', () => {
    expect(sequenceDiagram('RPC-A-001', '', 1)).toBeUndefined()
    expect(sequenceDiagram('RPC-A-001', '#1  0.1 ms  note: nothing came\n', 1)).toBeUndefined()
  })
})
