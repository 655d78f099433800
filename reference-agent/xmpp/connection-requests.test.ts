import { type Element, xml } from '@xmpp/client'
import { beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { Log } from '../platform/platform.ts'
import { XmppConnectionRequests } from './connection-requests.ts'
import { StreamParser } from './stream-parser.ts'

const NS = 'urn:broadband-forum-org:cwmp:xmppConnReq-1-0'
const ACS = 'acs@a.example/x'
const STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas'

let clock: ManualClock
let credentials: { username: string; password: string }
let allowed: string[]
let enabled: boolean
let requests: XmppConnectionRequests

beforeEach(() => {
  clock = new ManualClock()
  credentials = { username: 'acs', password: 'open sesame' }
  allowed = []
  enabled = true
  requests = new XmppConnectionRequests({
    clock,
    log: new Log('EMERG', () => {}),
    credentials: () => credentials,
    allowedJabberIds: () => allowed,
    isEnabled: () => enabled,
    jid: () => 'cpe@a.example/y',
  })
})

function parsed(stanza: string): Element {
  const parser = new StreamParser()
  const found: Element[] = []
  parser.on('element', (element) => found.push(element))
  parser.write(
    `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>${stanza}`,
  )
  return found[0] as Element
}

const asking = (children: string) => `<connectionRequest xmlns='${NS}'>${children}</connectionRequest>`
const account = (username = 'acs', password = 'open sesame') =>
  `<username>${username}</username><password>${password}</password>`
const RIGHT = asking(account())

/** What is answered, in short: `result`, `error condition`, or nothing. */
function answer(stanza: string): string | undefined {
  const { answer: said, requested } = requests.answer(parsed(stanza))
  if (said?.attrs.type === 'result') expect(said.children).toEqual([])
  expect(requested).toBe(said?.attrs.type === 'result' && stanza.includes('connectionRequest'))
  const condition = said?.getChild('error')?.getChildElements()[0]
  return said && [said.attrs.type, condition?.getName()].filter((each) => each !== undefined).join(' ')
}

function iq(payload: string, { from = ACS, type = 'get', id = '1' } = {}): string {
  return `<iq from='${from}' to='cpe@a.example/y' id='${id}' type='${type}'>${payload}</iq>`
}

describe('a connection request', () => {
  test('is accepted with an empty result for the asking one', () => {
    const { answer: said, requested } = requests.answer(parsed(iq(RIGHT, { id: 'cr001' })))
    expect(said?.toString()).toBe(`<iq type="result" id="cr001" to="${ACS}"/>`)
    expect(requested).toBe(true)
  })

  test('may have prefixes and blanks', () => {
    expect(
      answer(
        iq(
          `<c:connectionRequest xmlns:c='${NS}'> <c:username>acs</c:username>\n<c:password>open sesame</c:password></c:connectionRequest>`,
        ),
      ),
    ).toBe('result')
  })

  test.each([
    ['another username', account('Acs'), 'error not-authorized'],
    ['another password', account('acs', 'open sesam'), 'error not-authorized'],
    ['a blank more in the password', account('acs', 'open sesame '), 'error not-authorized'],
    ['empty credentials', account('', ''), 'error not-authorized'],
    ['no credentials', '', 'error bad-request'],
    ['no password', '<username>acs</username>', 'error bad-request'],
    ['two passwords', `${account()}<password>open sesame</password>`, 'error bad-request'],
    ['another order', '<password>open sesame</password><username>acs</username>', 'error bad-request'],
    ['something in the username', account('<b>acs</b>'), 'error bad-request'],
    [
      'credentials of another namespace',
      "<username xmlns='x'>acs</username><password>open sesame</password>",
      'error bad-request',
    ],
  ])('with %s is refused', (_name, children, expected) => {
    expect(answer(iq(asking(children)))).toBe(expected)
  })

  test('is no wish to change something', () => {
    expect(answer(iq(RIGHT, { type: 'set' }))).toBe('error bad-request')
  })

  test('of another namespace is unknown', () => {
    expect(answer(iq(RIGHT.replace('1-0', '1-1')))).toBe('error service-unavailable')
  })

  test('is refused while the device has no credentials', () => {
    credentials = { username: '', password: '' }
    expect(answer(iq(asking(account('', ''))))).toBe('error not-authorized')
  })

  test('is refused, whatever it holds, where requests are not taken or from somebody who is not allowed', () => {
    allowed = ['acs@b.example']
    for (const payload of [RIGHT, asking(''), asking(account('x', 'y'))])
      expect(answer(iq(payload))).toBe('error service-unavailable')
    allowed = [ACS]
    expect(answer(iq(RIGHT))).toBe('result')
    enabled = false
    expect(answer(iq(RIGHT))).toBe('error service-unavailable')
  })

  test('without a sender comes from the own account', () => {
    const anonymous = iq(RIGHT).replace(/ from='[^']*'/, '')
    expect(answer(anonymous)).toBe('result')
    allowed = [ACS]
    expect(answer(anonymous)).toBe('error service-unavailable')
    allowed = ['cpe@a.example']
    expect(answer(anonymous)).toBe('result')
  })

  test('is one too many after many, and taken again after a while; others do not use up what an ACS may', () => {
    allowed = ['acs@a.example']
    for (let count = 0; count < 2000; count++) answer(iq(RIGHT, { from: 'x@a.example' }))
    for (let count = 0; count < 2000; count++) answer(iq(asking(account('acs', 'guess'))))
    for (let count = 0; count < 1000; count++) expect(answer(iq(RIGHT))).toBe('result')
    expect(answer(iq(RIGHT))).toBe('error service-unavailable')
    clock.advance(1000)
    expect(answer(iq(RIGHT))).toBe('result')
  })

  test('is refused with the error type of its condition, and with nothing of what it held', () => {
    const refused = [
      [iq(asking(account('acs', 'guess'))), 'auth', 'not-authorized'],
      [iq(asking('<username>acs</username>')), 'modify', 'bad-request'],
      [iq(RIGHT.replace('1-0', '2-0')), 'cancel', 'service-unavailable'],
    ] as const
    for (const [stanza, type, condition] of refused) {
      const said = requests.answer(parsed(stanza)).answer?.toString()
      expect(said).toBe(
        `<iq type="error" id="1" to="${ACS}"><error type="${type}"><${condition} xmlns="${STANZAS}"/></error></iq>`,
      )
    }
  })
})

describe('everything else', () => {
  test.each([
    ['a ping', iq("<ping xmlns='urn:xmpp:ping'/>"), 'result'],
    ['an unknown get', iq("<query xmlns='x'/>"), 'error service-unavailable'],
    ['an unknown set', iq("<query xmlns='x'/>", { type: 'set' }), 'error service-unavailable'],
    ['a request without content', iq(''), 'error bad-request'],
    ['two requests in one', iq(RIGHT + RIGHT), 'error bad-request'],
    ['an unknown type', iq(RIGHT, { type: 'got' }), 'error bad-request'],
    ['no type', iq(RIGHT).replace(" type='get'", ''), 'error bad-request'],
    ['no id', iq(RIGHT).replace(" id='1'", ''), 'error bad-request'],
    ['a result', iq(RIGHT, { type: 'result' }), undefined],
    ['an error', iq(RIGHT, { type: 'error' }), undefined],
    ['a message', `<message from='${ACS}' type='get' id='1'>${RIGHT}</message>`, undefined],
    ['a presence', `<presence from='${ACS}' type='subscribe'/>`, undefined],
    ['an iq of another namespace', iq(RIGHT).replace('<iq', "<iq xmlns='x'"), undefined],
  ])('%s', (_name, stanza, expected) => {
    expect(answer(stanza)).toBe(expected)
  })

  test('is never an answer to one', () => {
    const { answer: said } = requests.answer(xml('iq', { type: 'result', id: '1' }))
    expect(said).toBeUndefined()
  })
})
