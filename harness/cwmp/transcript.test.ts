import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Transcript } from './transcript.ts'

function head(transcript: Transcript, text: string) {
  return transcript.record({
    connection: 1,
    direction: 'cpe→acs',
    kind: 'http-head',
    octets: Buffer.from(text),
  })
}

function body(transcript: Transcript, octets: Buffer | string, decoded?: Buffer) {
  return transcript.record({ connection: 1, direction: 'cpe→acs', kind: 'http-body', octets, decoded })
}

describe('Transcript', () => {
  it('renders a block for each message and sets the line of each entry', () => {
    const transcript = new Transcript()
    const connect = transcript.record({
      connection: 1,
      direction: 'cpe→acs',
      kind: 'connect',
      octets: 'from 127.0.0.1',
    })
    const request = head(transcript, 'POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 12\r\n\r\n')
    const content = body(transcript, '<a>\n <b/>\n</a>')
    const note = transcript.note('enough')

    const lines = transcript.render(transcript.since(0)).split('\n')

    expect(lines).toEqual([
      expect.stringMatching(/^#1 +\d+\.\d ms {2}connection 1 {2}cpe→acs {2}connect: from 127\.0\.0\.1$/),
      '',
      expect.stringMatching(/^#2 +\d+\.\d ms {2}connection 1 {2}cpe→acs {2}14 octets$/),
      'POST / HTTP/1.1',
      'Host: acs',
      'Content-Length: 12',
      '',
      '<a>',
      ' <b/>',
      '</a>',
      '',
      expect.stringMatching(/^#4 +\d+\.\d ms {2}note: enough$/),
      '',
      '',
    ])
    expect([connect, request, content, note].map((entry) => entry.line)).toEqual([1, 3, 8, 12])
  })

  it('gives what came since a mark', () => {
    const transcript = new Transcript()
    transcript.note('before')
    const mark = transcript.mark()
    transcript.note('after')
    expect(transcript.since(mark).map((entry) => entry.octets.toString())).toEqual(['after'])
    expect(transcript.since(transcript.mark())).toEqual([])
  })

  it('breaks a body of few long lines between its tags, and says so', () => {
    const transcript = new Transcript()
    body(
      transcript,
      `<?xml version="1.0"?>\n<list>${'<item><name>x</name><empty/></item>'.repeat(20)}</list>\n`,
    )
    const lines = transcript.render(transcript.since(0)).split('\n')
    expect(lines[0]).toContain('line breaks added for reading')
    expect(lines.slice(1, 7)).toEqual([
      '<?xml version="1.0"?>',
      '<list>',
      '  <item>',
      '    <name>x</name>',
      '    <empty/>',
      '  </item>',
    ])
    expect(lines).toContain('</list>')
  })

  it('shows coded bodies decoded', () => {
    const transcript = new Transcript()
    const text = Buffer.from('<a/>'.repeat(30))
    const wire = gzipSync(text)
    body(transcript, wire, text)
    const rendered = transcript.render(transcript.since(0))
    expect(rendered).toContain(`${wire.length} octets on the wire, shown decoded to 120`)
    expect(rendered).toContain('<a/><a/>')
  })

  it('makes control characters visible', () => {
    const transcript = new Transcript()
    body(transcript, Buffer.from('a\x00\x1b[31m\tb\rc'))
    expect(transcript.render(transcript.since(0))).toContain('a\\x00\\x1b[31m\tb\\x0dc')
  })

  it('cuts a body over 1 MiB, and keeps its length and hash', () => {
    const transcript = new Transcript()
    const entry = body(transcript, Buffer.alloc((1 << 20) + 1, 'x'))
    expect(entry.octets).toHaveLength(1 << 20)
    expect(entry.whole).toEqual({
      octets: (1 << 20) + 1,
      sha256: '154b8ed3c2383ce429058768595935faf7851b5c38db2b1732594be1d88bc05a',
    })
    expect(transcript.render([entry])).toContain(
      `${(1 << 20) + 1} octets, the first ${1 << 20} shown, SHA-256 `,
    )
  })

  it('forgets the oldest entries beyond its limit', () => {
    const transcript = new Transcript({ maxOctets: 5000 })
    for (let i = 1; i <= 100; i += 1) transcript.note(String(i))
    const kept = transcript.since(0)
    expect(kept.length).toBeLessThan(15)
    expect(kept.at(-1)?.seq).toBe(100)
    expect(kept[0]?.seq).toBe(101 - kept.length)
    expect(transcript.since(98).map((entry) => entry.seq)).toEqual([99, 100])
  })
})

describe('a limit of another size', () => {
  it('holds from then on, and until the old one is back', () => {
    const transcript = new Transcript({ maxOctets: 50_000 })
    const fill = () => {
      for (let i = 0; i < 200; i += 1) transcript.note('x')
      return transcript.since(0).length
    }
    const most = fill()

    const before = transcript.keepAtMost(5000)

    expect(before).toBe(50_000)
    expect(transcript.since(0).length).toBeLessThan(15)
    expect(fill()).toBeLessThan(15)
    transcript.keepAtMost(before)
    expect(fill()).toBe(most)
  })

  it('hides what is written beside the messages, and brings it back for those who know the secret', () => {
    const transcript = new Transcript()
    transcript.mask('s3cret')

    const hidden = transcript.hidden('say s3cret, and czNjcmV0')

    expect(hidden).toBe('say {{secret 1}}, and ***')
    expect(transcript.revealed(hidden)).toBe('say s3cret, and ***')
    expect(transcript.masked('s3cret')).toBe('***')
    expect(transcript.revealed('{{secret 9}}')).toBe('{{secret 9}}')
  })
})

describe('masking', () => {
  const secret = 'p&ss <w0rd>'

  function shown(text: string): string {
    const transcript = new Transcript()
    transcript.mask(secret)
    transcript.mask('')
    body(transcript, text)
    return transcript.render(transcript.since(0))
  }

  it.each([
    ['as it is', secret],
    ['escaped', 'p&amp;ss &lt;w0rd&gt;'],
    ['escaped without need for >', 'p&amp;ss &lt;w0rd>'],
    ['escaped by numbers', 'p&#38;ss &#60;w0rd&#62;'],
    ['escaped by hexadecimal numbers', 'p&#x26;ss &#x3C;w0rd&#x3E;'],
    ['for a URL', 'p%26ss%20%3Cw0rd%3E'],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['within base64', Buffer.from(`user:${secret}`).toString('base64')],
    ['within base64, at the third offset', Buffer.from(`ab:${secret}:and more`).toString('base64')],
  ])('hides a secret %s', (_name, text) => {
    const rendered = shown(`<Value>${text}</Value>`)
    expect(rendered).toContain('***')
    expect(rendered).not.toContain(text)
    expect(rendered).not.toContain('w0rd')
  })

  it('hides the proof of digest credentials, and all of other credentials', () => {
    const transcript = new Transcript()
    head(
      transcript,
      'POST / HTTP/1.1\r\nAuthorization: Digest username="u", nonce="n", response="0123abc", nc=00000001\r\n' +
        'authorization: Basic dTpw\r\nProxy-Authorization: Other a\r\n b\r\nAuthentication-Info: rspauth=abc\r\nX: y\r\n\r\n',
    )
    const rendered = transcript.render(transcript.since(0))
    expect(rendered.split('\n').slice(1, -2)).toEqual([
      'POST / HTTP/1.1',
      'Authorization: Digest username="u", nonce="n", response="***", nc=00000001',
      'authorization: Basic ***',
      'Proxy-Authorization: Other ***',
      'Authentication-Info: rspauth="***"',
      'X: y',
    ])
  })
})
