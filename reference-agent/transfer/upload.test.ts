import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UciFile } from '../config/config.ts'
import { setParameterValues } from '../tiny-acs.ts'
import type { ScriptedAnswer } from '../transport/scripted-server.ts'
import { membersOf, TransferBench } from './test-agent.ts'

let bench: TransferBench
let answer: () => ScriptedAnswer

beforeEach(async () => {
  answer = () => ({ status: 201 })
  bench = await TransferBench.open(() => answer())
})

afterEach(() => bench.close())

async function reported(...plan: string[]): Promise<{ events: string[]; members: Record<string, string> }> {
  bench.acs.plan = plan
  await bench.start({ acsUsername: 'me', acsPassword: 'very secret' })
  await bench.acs.next()
  const { events, called } = await bench.acs.next()
  return { events, members: membersOf(called[0]) }
}

describe('Upload', () => {
  test('puts the configuration, without its secrets, and reports', async () => {
    const { events, members } = await reported(
      setParameterValues({ 'Device.DeviceInfo.ProvisioningCode': "it's" }),
      bench.upload(),
    )

    expect(events).toEqual(['7 TRANSFER COMPLETE', 'M Upload(key)'])
    expect(members).toMatchObject({ CommandKey: 'key', FaultCode: '0' })
    const body = bench.files.requests[0]?.body ?? ''
    const file = new UciFile(body)
    expect(bench.requests).toEqual(['PUT /file'])
    expect(file.get('acs', 'userid')).toBe('me')
    expect(file.get('cpe', 'provisioning_code')).toBe("it's")
    expect(body).not.toContain('secret')
  })

  test.each(['2 Vendor Log File', '4 Vendor Log File 1'])('puts the log: %s', async (fileType) => {
    const { members } = await reported(bench.upload({ fileType }))

    expect(members.FaultCode).toBe('0')
    expect(bench.files.requests[0]?.body).toMatch(/transfer: Upload 1 begins.*\n/)
  })

  test.each([
    [{ status: 404 }, '9011'],
    [{ status: 500 }, '9011'],
    [{ status: 401, headers: { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' } }, '9012'],
  ])('reports a server that answers with %j', async (response, code) => {
    answer = () => response

    const { members } = await reported(bench.upload({ username: 'u', password: 'p' }))

    expect(members.FaultCode).toBe(code)
  })

  test('reports a server that is not there', async () => {
    const { members } = await reported(bench.upload({ url: 'http://127.0.0.1:1/' }))

    expect(members.FaultCode).toBe('9011')
  })

  test.each([
    [{ fileType: '3 Vendor Configuration File 1' }, 'UploadResponse', undefined],
    [{ fileType: '3 Vendor Configuration File 7' }, 'Fault', '9003'],
    [{ fileType: '3 Vendor Configuration File' }, 'Fault', '9003'],
    [{ fileType: '4 Vendor Log File 2' }, 'Fault', '9003'],
    [{ fileType: '1 Firmware Upgrade Image' }, 'Fault', '9003'],
    [{ fileType: 'X 00D09E Dump' }, 'Fault', '9003'],
    [{ url: 'scp://host/' }, 'Fault', '9013'],
  ])('answers %j with %s', async (order, name, code) => {
    bench.acs.plan = [bench.upload(order)]
    await bench.start()

    const [response] = (await bench.acs.next()).answers

    expect(response?.name).toBe(name)
    expect(membersOf(response).FaultCode).toBe(code)
  })
})
