import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HarnessError, Untestable } from '../failure.ts'
import type { Dut } from './device.ts'
import { loadProfile } from './load-profile.ts'
import { openDut } from './open-dut.ts'

let stateDir: string
let opened: Dut | undefined
let logged: string[]

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'dut-'))
  opened = undefined
  logged = []
})
afterEach(async () => {
  await opened?.close().catch(() => {})
  rmSync(stateDir, { recursive: true })
})

const ok = `answer '"answer":"ok"'`
const sound: Readonly<Record<string, string>> = {
  hello: `answer '"answer":"ok","abilities":"provision alive"'`,
  provision: ok,
  alive: `answer '"answer":"ok","alive":"yes"'`,
  stop: `${ok}; exit 0`,
  unknown: `answer '"answer":"unsupported"'`,
}

/** A shell adapter that is sound but for what `changes` puts in place of single answers. */
function script(changes: Readonly<Record<string, string>>, start = ''): string {
  const { unknown, ...requests } = { ...sound, ...changes }
  const cases = Object.entries(requests).map(([request, body]) => `*'"request":"${request}"'*) ${body} ;;`)
  return `answer() { printf '{"id":%s,%s}\\n' "$id" "$1"; }
${start}
while IFS= read -r line; do
  id=\${line#*:}
  id=\${id%%,*}
  case $line in
  ${cases.join('\n  ')}
  *) ${unknown} ;;
  esac
done`
}

interface Circumstances {
  /** What the adapter does before it reads its first request. */
  readonly start?: string
  /** How long answers may take once it has greeted: short only where the waiting is the point. */
  readonly adapterSeconds?: number
  readonly helloSeconds?: number
}

async function open(
  changes: Readonly<Record<string, string>> = {},
  { start = '', adapterSeconds = 10, helloSeconds = 10 }: Circumstances = {},
): Promise<Dut> {
  const profile = await loadProfile()
  profile.pixit.timing.adapterSeconds = helloSeconds
  opened = await openDut(
    {
      ...profile,
      adapter: {
        kind: 'command',
        command: ['/bin/sh', '-c', script(changes, start)],
        environment: { DEVICE: 'box' },
        folder: stateDir,
      },
    },
    { stateDir, log: (line) => logged.push(line) },
  )
  profile.pixit.timing.adapterSeconds = adapterSeconds
  return opened
}

const hello = (abilities: string) => ({ hello: `answer '"answer":"ok","abilities":"${abilities}"'` })
const acs = { acsUrl: 'http://127.0.0.1:7547/acs', username: 'cpe', password: 'pass"word' }

describe('a sound adapter', () => {
  test('gets everything it needs to provision the device in one line, in the order of the contract', async () => {
    const dut = await open({ provision: `printf '%s' "$line" > "$CWMP_DUT_STATE_DIR/seen"; ${ok}` })

    await dut.provision({ ...acs, periodicInformInterval: 5, trustedCa: 'PEM' })

    expect(readFileSync(join(stateDir, 'seen'), 'utf8')).toBe(
      '{"id":2,"request":"provision","acsUrl":"http://127.0.0.1:7547/acs","username":"cpe","password":"pass\\u0022word",' +
        '"connectionRequestUsername":"","connectionRequestPassword":"","periodicInformInterval":"5",' +
        `"trustedCaFile":"${stateDir}/trusted-ca.pem"}`,
    )
    expect(readFileSync(join(stateDir, 'trusted-ca.pem'), 'utf8')).toBe('PEM')
  })

  test('says whether the device is alive', async () => {
    const dut = await open({ alive: `answer '"answer":"ok","alive":"no"'` })

    expect(await dut.alive()).toBe(false)
  })

  test('answers an unknown request with unsupported', async () => {
    const dut = await open()

    expect(await dut.sendUnknown('makeCoffee')).toBe('unsupported')
  })

  test('makes what it does not claim untestable', async () => {
    const dut = await open()

    expect(dut.supports('powerCycle')).toBe(false)
    await expect(dut.powerCycle()).rejects.toThrow(Untestable)
  })

  test('is asked for what it claims', async () => {
    const dut = await open({
      ...hello('provision alive powerCycle factoryReset setLocally setClock'),
      powerCycle: `echo cycle >> seen; ${ok}`,
      factoryReset: `echo reset >> seen; ${ok}`,
      setLocally: `printf '%s\\n' "$line" >> seen; ${ok}`,
      setClock: `printf '%s\\n' "$line" >> seen; ${ok}`,
    })

    await dut.powerCycle()
    await dut.factoryReset()
    await dut.setLocally('Device.WiFi.SSID.1.SSID', 'a b')
    await dut.setClock('2030-01-02T03:04:05Z')

    expect(readFileSync(join(stateDir, 'seen'), 'utf8').split('\n')).toEqual([
      'cycle',
      'reset',
      '{"id":4,"request":"setLocally","path":"Device.WiFi.SSID.1.SSID","value":"a b"}',
      '{"id":5,"request":"setClock","time":"2030-01-02T03:04:05Z"}',
      '',
    ])
  })

  test('is told what concerns TLS, DNS, DHCP and the LAN, and says what the device sent', async () => {
    const dut = await open({
      ...hello('provision alive clientCertificate dnsServer dhcpOptions lanDevice ownAct standby timeSource'),
      clientCertificate: `printf '%s\\n' "$line" >> seen; ${ok}`,
      dnsServer: `printf '%s\\n' "$line" >> seen; ${ok}`,
      standby: `printf '%s\\n' "$line" >> seen; ${ok}`,
      timeSource: `printf '%s\\n' "$line" >> seen; ${ok}`,
      ownAct: `printf '%s\\n' "$line" >> seen; answer '"answer":"ok","done":"yes"'`,
      lanDevice: `printf '%s\\n' "$line" >> seen; ${ok}`,
      dhcpOptions: `printf '%s\\n' "$line" >> seen; answer '"answer":"ok","option60":"64736c","option125":""'`,
    })

    await dut.clientCertificate({ cert: 'CERT', key: 'KEY' })
    await dut.clientCertificate(undefined)
    await dut.dnsServer('127.0.0.1:5353')
    const sent = await dut.dhcpOptions({ option43: '0100', discover: true })
    await dut.lanDevice({ oui: '00D09E', serialNumber: 'S1', productClass: '', present: true })
    await dut.ownAct({ act: 'install', fileType: '', url: 'http://files/unit' })
    await dut.standby(3)
    await dut.timeSource(false)
    await dut.timeSource(true)

    expect(sent).toEqual({ option60: '64736c', option125: undefined })
    expect(readFileSync(join(stateDir, 'client-key.pem'), 'utf8')).toBe('KEY')
    expect(readFileSync(join(stateDir, 'seen'), 'utf8').split('\n')).toEqual([
      `{"id":2,"request":"clientCertificate","certificateFile":"${stateDir}/client-certificate.pem","keyFile":"${stateDir}/client-key.pem"}`,
      '{"id":3,"request":"clientCertificate","certificateFile":"","keyFile":""}',
      '{"id":4,"request":"dnsServer","server":"127.0.0.1:5353"}',
      '{"id":5,"request":"dhcpOptions","option43":"0100","option125":"","option17":"","discover":"yes"}',
      '{"id":6,"request":"lanDevice","oui":"00D09E","serialNumber":"S1","productClass":"","present":"yes"}',
      '{"id":7,"request":"ownAct","act":"install","fileType":"","url":"http://files/unit"}',
      '{"id":8,"request":"standby","seconds":"3"}',
      '{"id":9,"request":"timeSource","present":"no"}',
      '{"id":10,"request":"timeSource","present":"yes"}',
      '',
    ])
  })

  test('gives its log as a text', async () => {
    const dut = await open({
      ...hello('provision alive readLogs'),
      readLogs: `answer '"answer":"ok","log":"one\\ntwo"'`,
    })

    expect(await dut.readLogs()).toBe('one\ntwo')
  })

  test('gives its log as a file', async () => {
    writeFileSync(join(stateDir, 'device.log'), 'from a file')
    const dut = await open({
      ...hello('provision alive readLogs'),
      readLogs: `answer '"answer":"ok","file":"'"$CWMP_DUT_STATE_DIR"'/device.log"'`,
    })

    expect(await dut.readLogs()).toBe('from a file')
  })

  test('has its stderr in the device log, passwords masked', async () => {
    const dut = await open({ provision: `echo "$DEVICE: $line" >&2; ${ok}` })

    await dut.provision({ ...acs, password: 'open "sesame"' })
    await dut.close()

    expect(logged.join('\n')).toMatch(/^box: .*"password":"\*\*\*\*\*"/)
  })

  test('ends without complaint', async () => {
    const dut = await open({}, { start: 'sleep 1000 & device=$!' })
    const stopping = await open({ stop: `kill $device; ${ok}; exit 0` }, { start: 'sleep 1000 & device=$!' })

    await expect(dut.close()).rejects.toThrow('left processes running after stop')
    await expect(stopping.close()).resolves.toBeUndefined()
  })
})

describe('an adapter that breaks the contract is named and quoted when it', () => {
  test.each([
    [
      'writes what is no JSON',
      'echo hello',
      'in answer to alive wrote a line that is no JSON to stdout: hello',
    ],
    ['writes no object', 'echo 1', 'in answer to alive wrote a line that is no JSON object: 1'],
    [
      'writes an empty line',
      'echo',
      'in answer to alive wrote a line that is no JSON to stdout: (an empty line)',
    ],
    ['gives no id', `echo '{"answer":"ok"}'`, 'in answer to alive wrote an answer without a numeric "id"'],
    ['gives a wrong id', `id=7; ${ok}`, 'in answer to alive answered with id 7, not 2'],
    ['gives no answer', `answer '"alive":"yes"'`, 'wrote an answer without a text "answer"'],
    [
      'answers something else',
      `answer '"answer":"maybe"'`,
      'expected "answer" to be "ok", "failed" or "unsupported"',
    ],
    [
      'forgets what was asked',
      ok,
      'in answer to alive: expected "alive":"yes" or "alive":"no", got {"id":2,"answer":"ok"}',
    ],
    [
      'does not do what it claims',
      `answer '"answer":"unsupported"'`,
      'answered alive with unsupported, although it claims it',
    ],
    ['fails', `answer '"answer":"failed","reason":"no power"'`, 'alive failed: no power'],
    ['does not answer', ':', 'the adapter did not answer alive within 0.1 s (pixit.timing.adapterSeconds)'],
    [
      'dies',
      'echo "out of memory" >&2; exit 3',
      'ended with exit code 3 before it answered alive; last line on stderr: out of memory',
    ],
    ['is killed', 'kill -9 $$', 'was ended by SIGKILL before it answered alive'],
  ])('%s', async (_what, alive, message) => {
    const dut = await open({ alive }, { adapterSeconds: alive === ':' ? 0.1 : 10 })

    const error = await dut.alive().catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(HarnessError)
    expect((error as Error).message).toContain(message)
  })

  test('writes to stdout unasked', async () => {
    const dut = await open({ provision: `${ok}; echo "device up"` })
    await dut.provision(acs)

    await expect(dut.alive()).rejects.toThrow('no JSON to stdout: device up')
    await expect(dut.alive()).resolves.toBe(true)
  })

  test.each([
    ['no abilities', `answer '"answer":"ok"'`, 'expected a text "abilities"'],
    [
      'an unknown ability',
      `answer '"answer":"ok","abilities":"provision alive fly"'`,
      'expected abilities out of provision',
    ],
    ['no required ability', `answer '"answer":"ok","abilities":"provision"'`, 'expected the ability alive'],
    [
      'unsupported',
      `answer '"answer":"unsupported"'`,
      'answered hello with unsupported, which every adapter must know',
    ],
    ['nothing', ':', 'adapter sh: did not answer hello within 0.1 s'],
  ])('greets with %s', async (_what, body, message) => {
    await expect(open({ hello: body }, { helloSeconds: body === ':' ? 0.1 : 10 })).rejects.toThrow(message)
  })

  test('is not there', async () => {
    const profile = await loadProfile()
    const adapter = { kind: 'command' as const, command: ['/nowhere'], environment: {}, folder: stateDir }

    await expect(openDut({ ...profile, adapter }, { stateDir })).rejects.toThrow('cannot start /nowhere')
  })

  test('never repeats a password in its error', async () => {
    const dut = await open({ provision: `printf '%s\\n' "$line"` })

    const error = await dut.provision({ ...acs, password: 'open sesame' }).catch((reason: unknown) => reason)

    expect(String(error)).toContain('"password":"*****"')
  })
})

test('counts a late answer for nothing', async () => {
  const dut = await open(
    { alive: `until [ -e go ]; do sleep 0.01; done; answer '"answer":"ok","alive":"no"'` },
    { adapterSeconds: 0.1 },
  )

  await expect(dut.alive()).rejects.toThrow('did not answer alive within 0.1 s')
  writeFileSync(join(stateDir, 'go'), '')
  await expect(dut.provision(acs)).resolves.toBeUndefined()
  expect(logged).toContain('late answer, not counted: {"id":2,"answer":"ok","alive":"no"}')
})

test('stops waiting when the run is interrupted', async () => {
  const dut = await open({ alive: ':' })
  const interrupted = new AbortController()
  const reason = new Error('interrupted')

  const asked = dut.alive(interrupted.signal)
  interrupted.abort(reason)

  await expect(asked).rejects.toBe(reason)
})

describe('close', () => {
  test('ends an adapter that does not answer stop', async () => {
    const dut = await open({ stop: ':' }, { adapterSeconds: 0.2 })

    await expect(dut.close()).rejects.toThrow('did not answer stop within 0.2 s')
  })

  test('ends an adapter that answers stop and goes on', async () => {
    const dut = await open({ stop: ok }, { adapterSeconds: 1 })

    await expect(dut.close()).rejects.toThrow('did not end after it had answered stop')
  })

  test('removes what an adapter left behind that died earlier', async () => {
    const dut = await open({ alive: 'exit 1' }, { start: 'sleep 1000 &' })
    await dut.alive().catch(() => {})

    await expect(dut.close()).resolves.toBeUndefined()
  })

  test('asks only once', async () => {
    const dut = await open({ stop: `echo stop >> seen; ${ok}; exit 0` })

    await Promise.all([dut.close(), dut.close()])

    expect(readFileSync(join(stateDir, 'seen'), 'utf8')).toBe('stop\n')
  })
})
