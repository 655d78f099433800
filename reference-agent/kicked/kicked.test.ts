import { beforeEach, describe, expect, test } from 'vitest'
import type { CommandMembers } from '../control/control.ts'
import { TestDevice } from '../services/test-device.ts'
import { buildEnvelope, childNamed, parseEnvelope } from '../soap/soap.ts'
import { Kicked } from './kicked.ts'

let device: TestDevice
let service: Kicked

beforeEach(() => {
  device = new TestDevice()
  service = new Kicked(device)
})

function kick(members: Record<string, string> = { action: 'help' }): Promise<object> {
  const given: CommandMembers = {
    text: (key) => members[key] ?? '',
    optional: (key) => members[key],
    texts: () => ({}),
  }
  return service.commands.kicked(given)
}

const KICKED = [{ EventCode: '5 KICKED', CommandKey: '' }]
const envelope = (body: string) => parseEnvelope(buildEnvelope(body, { version: '1.4' }))

/** The calls that a session with event 5 makes; each takes its answer away. */
function session(answer: 'NextURL' | 'fault' | 'none'): string[] {
  device.events.splice(0)
  service.informing(KICKED)
  const due = device.requests.filter((request) => request.isDue?.())
  for (const request of answer === 'none' ? [] : due) {
    device.requests.splice(device.requests.indexOf(request), 1)
    if (answer === 'fault')
      request.faulted?.({ faultCode: 8000, faultString: '', soapFaultCode: 'Server', soapFaultString: '' })
    else
      request.answered?.(
        envelope(
          '<cwmp:KickedResponse><NextURL>http://acs.example/a?b=1&amp;c=2</NextURL></cwmp:KickedResponse>',
        ),
      )
  }
  service.sessionEnded()
  return due.map(({ body }) => body)
}

describe('Kicked', () => {
  test('brings 5 KICKED and a call with what the page says, and is answered with where to go', async () => {
    const answer = kick({
      action: 'subscribe',
      referer: 'www.example.com',
      arg: 'a=<1>',
      next: 'http://next.example/',
    })
    expect(device.events).toEqual(['5 KICKED'])

    const [body = ''] = session('NextURL')

    const call = envelope(body).body
    const value = (name: string) => childNamed(call, name)?.text
    expect(call.children.map(({ name }) => name)).toEqual(['Command', 'Referer', 'Arg', 'Next'])
    expect(['Command', 'Referer', 'Arg', 'Next'].map(value)).toEqual([
      'subscribe',
      'www.example.com',
      'a=<1>',
      'http://next.example/',
    ])
    expect(await answer).toEqual({ nextUrl: 'http://acs.example/a?b=1&c=2' })
    expect(device.events).toEqual([])
    expect(session('NextURL')).toEqual([])
  })

  test('of two users at a time is one event and two calls', async () => {
    const answers = Promise.all([kick({ action: 'one' }), kick({ action: 'two' })])
    expect(device.events).toEqual(['5 KICKED'])

    expect(session('NextURL')).toHaveLength(2)
    expect(await answers).toHaveLength(2)
  })

  test('is repeated after a session that failed', async () => {
    const answer = kick()
    session('none')

    expect(device.events).toEqual(['5 KICKED'])
    session('NextURL')
    expect(await answer).toMatchObject({ nextUrl: expect.any(String) })
  })

  test('is over with a fault of the ACS', async () => {
    const answer = kick()
    session('fault')

    await expect(answer).rejects.toThrow('fault 8000')
    device.clock.advance(100_000)
    expect(device.events).toEqual([])
  })

  test('is given up after a minute, and when the device goes down', async () => {
    const late = kick()
    device.clock.advance(60_000)
    await expect(late).rejects.toThrow('does not answer')
    expect(session('NextURL')).toEqual([])

    const cut = kick()
    service.stop()
    await expect(cut).rejects.toThrow('goes down')
  })

  test.each([
    ['before its session', () => {}],
    ['in its session', () => service.informing(KICKED)],
  ])('is nothing to tell an ACS that is met %s', async (_when, begin) => {
    const answer = kick()
    begin()
    service.bootstrapped()
    // Every other event is discarded with 0 BOOTSTRAP.
    device.events.splice(0)

    await expect(answer).rejects.toThrow('another ACS')
    expect(device.requests.filter((request) => request.isDue?.())).toEqual([])
    service.sessionEnded()
    expect(device.events).toEqual([])
    expect(session('none')).toEqual([])
    device.clock.advance(100_000)
    expect(device.events).toEqual([])
  })

  test.each([
    ['action', 32],
    ['referer', 64],
    ['arg', 256],
    ['next', 1024],
  ])('takes %s of %d characters and no more', async (name, length) => {
    await expect(kick({ action: 'a', [name]: 'x'.repeat(length + 1) })).rejects.toThrow(
      `longer than ${length}`,
    )
    expect(device.events).toEqual([])

    const answer = kick({ action: 'a', [name]: 'x'.repeat(length) })
    session('NextURL')
    await answer
  })
})
