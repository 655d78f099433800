import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { loadProfile } from '../dut/dut.ts'
import { aCase, concluded } from '../report/fixture.ts'
import { type CaseVerdict, type RunResult, writeReports } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'
import { type Statement, sealBundle } from './bundle.ts'
import { contentsOf } from './sums.ts'
import { verifyBundle } from './verify.ts'
import { verifyMain } from './verify-main.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')
const spki = { type: 'spki', format: 'pem' } as const

let base: string
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'bundle-'))
  await seal('signed', [aCase()])
  await seal('unsigned', [aCase()], { key: undefined })
  await writeFile(join(base, 'pub.pem'), publicKey.export(spki))
  await writeFile(join(base, 'stranger.pem'), stranger.publicKey.export(spki))
})
afterAll(() => rm(base, { recursive: true }))

const requirements = new Map<string, Requirement>([
  ['RPC-GPV-001', { id: 'RPC-GPV-001', clause: 'A.3.2.2', level: 'MUST', text: 'It answers.' }],
])

/** A bundle as a run leaves it, with a transcript, a repro file and a device log. */
async function seal(
  name: string,
  cases: readonly CaseVerdict[],
  change: Partial<RunResult> & { key?: typeof privateKey | undefined } = {},
): Promise<Statement> {
  const { key, ...run } = { key: privateKey, ...change }
  const folder = join(base, name)
  for (const below of ['transcripts', 'fuzz', 'device-logs'])
    await mkdir(join(folder, below), { recursive: true })
  await writeFile(join(folder, 'transcripts', 'RPC-GPV-001.txt'), '#1 cpe→acs\n')
  await writeFile(join(folder, 'fuzz', 'FUZZ-SOAP-001-crash.json'), '{}\n')
  await writeFile(join(folder, 'device-logs', 'end-1.log'), 'booted\n')
  const verdict = concluded(cases, run)
  await writeReports(verdict, folder)
  const profile = await loadProfile()
  return sealBundle({ folder, verdict, profile, requirements, certification: { commit: 'abc', key } })
}

/** A copy of a bundle for one test to spoil. */
async function copyOf(name: string): Promise<string> {
  const folder = await mkdtemp(join(base, 'copy-'))
  await cp(join(base, name), folder, { recursive: true })
  return folder
}

async function verify(...argv: string[]) {
  const spies = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error')]
  for (const spy of spies) spy.mockImplementation(() => {})
  try {
    const code = await verifyMain(argv)
    const [output = '', errors = ''] = spies.map((spy) => spy.mock.calls.flat().join('\n'))
    return { code, output, errors }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

const flawsOf = async (folder: string, key?: typeof publicKey) =>
  (await verifyBundle(folder, key)).flaws.map(({ file, what }) => `${file}: ${what}`)

describe('a bundle', () => {
  test('has the report and what it was made of', async () => {
    const { files } = await contentsOf(join(base, 'signed'))

    expect(files).toEqual(
      expect.arrayContaining([
        ...['SHA256SUMS', 'SHA256SUMS.sig', 'device-logs/end-1.log', 'fuzz/FUZZ-SOAP-001-crash.json'],
        ...['index.html', 'junit.xml', 'profile.json', 'public-key.pem', 'requirements.json'],
        ...['statement.json', 'transcripts/RPC-GPV-001.txt', 'verdict.json'],
      ]),
    )
    expect(JSON.parse(await readFile(join(base, 'signed', 'requirements.json'), 'utf8'))).toEqual([
      ...requirements.values(),
    ])
  })

  test('has the profile without its secrets', async () => {
    const text = await readFile(join(base, 'signed', 'profile.json'), 'utf8')
    const { acsPassword, connectionRequestPassword } = (await loadProfile()).pixit.credentials

    expect(JSON.parse(text)).toMatchObject({ adapter: { kind: 'reference' }, cwmp: { version: '1.4' } })
    expect(text).not.toContain(acsPassword)
    expect(text).not.toContain(connectionRequestPassword)
  })

  test('is checked by sha256sum, too', () => {
    const said = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], {
      cwd: join(base, 'signed'),
      encoding: 'utf8',
    })

    expect(said).toContain('verdict.json: OK')
  })

  test.each(['signed', 'unsigned'])('that is as it was sealed is not refused (%s)', async (name) => {
    expect(await flawsOf(join(base, name))).toEqual([])
    expect(await flawsOf(await copyOf(name))).toEqual([])
  })

  test('with one altered octet in any file is refused with the name of the file', {
    timeout: 240_000,
  }, async () => {
    const folder = await copyOf('signed')
    const { files } = await contentsOf(folder)
    expect(files.length).toBeGreaterThan(11)
    for (const file of files) {
      const original = await readFile(join(folder, file))
      // Every octet of key and signature, so that no padding or line end is overlooked; of the others some from everywhere.
      const isSmall = file === 'SHA256SUMS.sig' || file === 'public-key.pem'
      const step = isSmall ? 1 : Math.ceil(original.length / (file === 'SHA256SUMS' ? 150 : 8))
      const places = new Set([original.length - 1])
      for (let at = 0; at < original.length; at += step) places.add(at)
      for (const at of places) {
        const altered = Buffer.from(original)
        altered[at] = (altered[at] ?? 0) ^ 1
        await writeFile(join(folder, file), altered)

        const named = (await verifyBundle(folder)).flaws.map((flaw) => flaw.file)

        expect(named, `octet ${at} of ${file}`).toContain(file)
        if (file !== 'SHA256SUMS') expect(named, `octet ${at} of ${file}`).toEqual([file])
      }
      await writeFile(join(folder, file), original)
    }
    expect(await flawsOf(folder)).toEqual([])
  })

  test('without a signature is refused with the name of the file, too', async () => {
    const folder = await copyOf('unsigned')
    for (const file of (await contentsOf(folder)).files) {
      const original = await readFile(join(folder, file))
      const altered = Buffer.from(original)
      altered[original.length >> 1] = (altered[original.length >> 1] ?? 0) ^ 1
      await writeFile(join(folder, file), altered)

      const flaws = await flawsOf(folder)

      expect(flaws.join('\n')).toContain(file)
      await writeFile(join(folder, file), original)
    }
  })

  test('from which any file is missing is refused with its name', async () => {
    const whole = await contentsOf(join(base, 'signed'))
    for (const file of whole.files) {
      const folder = await copyOf('signed')
      await rm(join(folder, file))

      const named = (await verifyBundle(folder)).flaws.map((flaw) => flaw.file)

      expect(named, file).toEqual([file])
    }
  })

  test.each(['notes.txt', 'transcripts/RPC-GPV-002.txt', '.hidden'])(
    'to which %s was added is refused with its name',
    async (file) => {
      const folder = await copyOf('signed')
      await writeFile(join(folder, file), '')

      expect(await flawsOf(folder)).toEqual([`${file}: is not listed`])
    },
  )

  test('in which a file became a link is refused with its name', async () => {
    const folder = await copyOf('signed')
    await rm(join(folder, 'junit.xml'))
    await symlink(join(base, 'signed', 'junit.xml'), join(folder, 'junit.xml'))

    expect(await flawsOf(folder)).toContain('junit.xml: is neither a file nor a folder')
  })

  test('whose list leads out of it is refused', async () => {
    const folder = await copyOf('unsigned')
    const list = await readFile(join(folder, 'SHA256SUMS'), 'utf8')
    await writeFile(join(folder, 'SHA256SUMS'), `${'0'.repeat(64)}  ../outside\n${list}`)

    expect(await flawsOf(folder)).toContain('SHA256SUMS: line 1 is not as it was written')
  })
})

describe('the key', () => {
  test('that is given has to be the one that signed', async () => {
    expect(await flawsOf(join(base, 'signed'), publicKey)).toEqual([])
    expect(await flawsOf(join(base, 'signed'), stranger.publicKey)).toEqual([
      'public-key.pem: is another key than the one given',
    ])
    expect(await flawsOf(join(base, 'unsigned'), publicKey)).toEqual(['SHA256SUMS.sig: is missing'])
  })

  test('that is given tells a bundle that somebody has sealed anew', async () => {
    await seal('anew', [aCase({ verdict: 'PASS' })], { key: stranger.privateKey })

    expect(await flawsOf(join(base, 'anew'))).toEqual([])
    expect(await flawsOf(join(base, 'anew'), publicKey)).toEqual([
      'public-key.pem: is another key than the one given',
    ])
  })
})

describe('what a bundle states', () => {
  const waiver = { kind: 'known-failure', verdict: 'FAIL' } as const
  let stated = 0

  test.each<[Statement['result'], string, Partial<CaseVerdict>, Partial<RunResult>]>([
    ['conforming', '', {}, {}],
    ['conforming', '', { verdict: 'WARN', level: 'SHOULD' }, {}],
    ['conforming', '', { verdict: 'N/A' }, {}],
    ['not conforming', 'not met: RPC-GPV-001', { verdict: 'FAIL' }, {}],
    ['not conforming', 'not met: RPC-GPV-001', { verdict: 'WAIVED', waiver }, {}],
    ['not conforming', 'not met: RPC-GPV-001', { verdict: 'FAIL' }, { badPeers: ['the device died'] }],
    ['inconclusive', 'could not be tested: RPC-GPV-001', { verdict: 'UNTESTABLE' }, {}],
    ['conforming', '', { verdict: 'UNTESTABLE', level: 'SHOULD' }, {}],
    ['inconclusive', 'ended in an error: RPC-GPV-001', { verdict: 'ERROR' }, {}],
    ['inconclusive', 'the device died', {}, { badPeers: ['the device died'] }],
    ['inconclusive', 'not examined: RPC-GPV-001', { id: 'RPC-GPV-002' }, {}],
  ])('%s (%s)', async (result, because, change, run) => {
    const statement = await seal(`stated-${++stated}`, [aCase(change)], run)

    expect([statement.result, statement.because.join()]).toEqual([result, because])
  })
})

describe('npm run verify-bundle', () => {
  test('says what is sealed, by whom, and what it states', async () => {
    const { code, output } = await verify(join(base, 'signed'), '--key', join(base, 'pub.pem'))

    expect(code).toBe(0)
    expect(output).toMatch(/signed: \d+ files are as they were sealed\nsigned by SHA256:\S+, the key given\n/)
    expect(output).toMatch(/Example Home Box 1\.2\.3 · suite 0\.1\.0 \(abc\) · .*\nconforming$/)
  })

  test('says whose word is taken when no key is given, and that there is none without a signature', async () => {
    expect((await verify(join(base, 'signed'))).output).toContain(
      'the key that the bundle brings: compare it',
    )
    expect((await verify(join(base, 'unsigned'))).output).toContain('not signed: whoever could write')
  })

  test('names what was altered, and exits with 1', async () => {
    const folder = await copyOf('signed')
    await writeFile(join(folder, 'verdict.json'), '{}')

    const { code, output, errors } = await verify(folder)

    expect([code, output]).toEqual([1, ''])
    expect(errors).toBe(`verdict.json: is not as SHA256SUMS has it\n${folder} is not as it was sealed`)
  })

  test('refuses a folder that is none of its own', async () => {
    const { code, errors } = await verify(join(base, 'signed', 'fuzz'))

    expect([code, errors.split('\n')[0]]).toEqual([1, 'SHA256SUMS: is missing: this is no sealed bundle'])
  })

  test.each([
    [[], 'expected one folder, got 0; see --help'],
    [['a', 'b'], 'expected one folder, got 2; see --help'],
    [['--kye', 'x'], "Unknown option '--kye'"],
    [['/nowhere'], '/nowhere: expected a folder, got ENOENT'],
    [['/nowhere', '--key', '/no.pem'], '/no.pem: expected a key in PEM, got no such file'],
  ])('refuses %j in one line with code 2', async (argv, expected) => {
    const { code, errors } = await verify(...argv)

    expect(code).toBe(2)
    expect(errors.split('\n')).toHaveLength(1)
    expect(errors).toContain(expected)
  })

  test('--help tells the exit codes', async () => {
    expect(await verify('--help')).toMatchObject({
      code: 0,
      output: expect.stringContaining('Exit codes: 0'),
    })
  })
})
