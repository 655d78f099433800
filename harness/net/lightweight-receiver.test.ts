import { createHmac } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { expect, test } from 'vitest'
import { Transcript } from '../cwmp/transcript.ts'
import { DeviceSilent } from '../failure.ts'
import { headerOf, isSigned, LightweightReceiver, lightweightIssues } from './net.ts'

const body =
  '<?xml version="1.0" encoding="UTF-8"?><n:Notification xmlns:n="urn:broadband-forum-org:cwmp:lwnotif-1-0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><n:TS>1700000000</n:TS><n:UN>user</n:UN><n:CN>f00</n:CN><n:OUI>00AABB</n:OUI><n:ProductClass>Class</n:ProductClass><n:SerialNumber>S1</n:SerialNumber><n:Param><n:Name>Device.X.Y</n:Name><n:Value xsi:type="xsd:boolean">1</n:Value></n:Param></n:Notification>'
const sign = (text: string, key = 'secret') => createHmac('sha1', key).update(text).digest('hex')

async function received(datagram: string) {
  const transcript = new Transcript()
  const receiver = await LightweightReceiver.listen({ host: '127.0.0.1', transcript })
  const sender = createSocket('udp4')
  try {
    sender.send(datagram, receiver.port, '127.0.0.1')
    return { notification: await receiver.next({ timeoutMs: 2000 }), transcript }
  } finally {
    sender.close()
    await receiver.close()
  }
}

const framed = (eol: string, signature: string, text = body) =>
  `POST /HTTPS/1.1${eol}Host: 127.0.0.1${eol}Content-Length: ${text.length}${eol}Signature: ${signature}${eol}${eol}${text}`

test.each([
  ['CRLF', '\r\n', sign(body)],
  ['LF and capitals', '\n', sign(body).toUpperCase()],
])('reads a notification with line ends of %s and verifies its signature', async (_, eol, signature) => {
  const { notification, transcript } = await received(framed(eol, signature))

  expect(notification).toMatchObject({
    requestLine: 'POST /HTTPS/1.1',
    timestamp: '1700000000',
    username: 'user',
    nonce: 'f00',
    oui: '00AABB',
    productClass: 'Class',
    serialNumber: 'S1',
  })
  expect([...notification.parameters]).toEqual([['Device.X.Y', { value: '1', type: 'xsd:boolean' }]])
  expect(headerOf(notification, 'host')).toBe('127.0.0.1')
  expect(isSigned(notification, 'secret')).toBe(true)
  expect(isSigned(notification, 'other')).toBe(false)
  expect(await lightweightIssues(notification)).toEqual([])
  expect(transcript.render(transcript.since(0))).toContain('Device.X.Y')
})

test.each([
  ['a member that is missing', body.replace('<n:CN>f00</n:CN>', '')],
  ['members in another order', body.replace(/(<n:TS>.*?<\/n:TS>)(<n:UN>.*?<\/n:UN>)/, '$2$1')],
  ['members of no namespace', body.replace(/n:TS/g, 'TS')],
  ['no parameter', body.replace(/<n:Param>.*<\/n:Param>/, '')],
  ['an OUI of lower case', body.replace('00AABB', '00aabb')],
  ['no XML', 'nothing'],
])('finds %s', async (_, text) => {
  const { notification } = await received(framed('\r\n', sign(text), text))

  expect(await lightweightIssues(notification)).not.toEqual([])
})

test('takes a body without a head, which is then unsigned', async () => {
  const { notification } = await received(body)

  expect(notification.parameters.size).toBe(1)
  expect(isSigned(notification, 'secret')).toBe(false)
})

test('says that none came', async () => {
  const receiver = await LightweightReceiver.listen({ host: '127.0.0.1', transcript: new Transcript() })

  await expect(receiver.next({ timeoutMs: 20 })).rejects.toBeInstanceOf(DeviceSilent)
  await receiver.close()
})
