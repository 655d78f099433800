import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Waiver } from '../report/report.ts'
import { readPublicKey, readSigningKey } from './keys.ts'
import { prepareCertification, refusals, refuseIncomplete } from './refusals.ts'
import { BundleError } from './sums.ts'

const waiver: Waiver = {
  id: 'RPC-GPV-004',
  kind: 'known-failure',
  expected: 'fault 9002',
  reason: 'being rewritten',
  owner: 'Ada',
  link: 'https://issues.example.com/42',
  until: '2027-03-01',
}
const allowed = { filters: [], waivers: [waiver], mandatoryDenied: [], checkout: { commit: 'abc' } }

describe('a run that is to be certified', () => {
  test('may have known failures', () => {
    expect(refusals(allowed)).toEqual([])
  })

  test.each([
    [{ filters: ['--grep', '--suite'] }, '--certify: all cases have to run: leave out --grep, --suite'],
    [
      { waivers: [waiver, { ...waiver, id: 'XMPP-CR-001', kind: 'flaky' as const }] },
      '--certify: a flaky waiver says that the answer is not known: mend or take out XMPP-CR-001',
    ],
    [
      { mandatoryDenied: ['GetRPCMethods (TR-069 A.3.1.1)'] },
      '--certify: the profile answers no to what is mandatory: GetRPCMethods (TR-069 A.3.1.1)',
    ],
    [
      { checkout: { problem: 'the checkout is dirty: suites/x.ts' } },
      '--certify: the checkout is dirty: suites/x.ts',
    ],
  ])('is refused with %j', (change, expected) => {
    expect(refusals({ ...allowed, ...change })).toEqual([expected])
  })

  test('is told all reasons at once', () => {
    expect(refusals({ ...allowed, filters: ['--level'], mandatoryDenied: ['a', 'b'] })).toHaveLength(3)
  })

  test.each([
    [
      { missingSuites: [{ name: 'interop', reason: 'no Docker engine answers' }], withoutCase: [] },
      '--certify: the suite interop cannot run here: no Docker engine answers',
    ],
    [
      { missingSuites: [], withoutCase: ['RPC-A-001', 'RPC-A-002'] },
      '--certify: no suite here has a case for RPC-A-001, RPC-A-002',
    ],
  ])('needs all suites: %j', (incomplete, expected) => {
    expect(() => refuseIncomplete(incomplete)).toThrow(new BundleError(expected))
  })

  test('with all suites is not refused', () => {
    refuseIncomplete({ missingSuites: [], withoutCase: [] })
  })
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certify-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a folder that holds something already is refused', async () => {
  await writeFile(join(folder, 'old.txt'), '')
  const asked = { filters: [], waivers: [], mandatoryDenied: [], sign: undefined, outDir: folder }

  await expect(prepareCertification(asked)).rejects.toThrow(
    `--certify: ${folder} is not empty; a bundle needs a folder of its own`,
  )
})

describe('a key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const
  const pem = async (content: string) => {
    const file = join(folder, 'key.pem')
    await writeFile(file, content)
    return file
  }

  test('signs when it is an Ed25519 private key', async () => {
    const key = await readSigningKey(await pem(privateKey.export(pkcs8).toString()))

    expect(key.asymmetricKeyType).toBe('ed25519')
  })

  test.each([
    ['words', 'expected an Ed25519 private key in PEM, got none'],
    [publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'got none'],
    [rsa.export(pkcs8).toString(), 'expected an Ed25519 private key in PEM, got one of rsa'],
    [
      privateKey.export({ ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
      'expected an Ed25519 private key in PEM, got one with a passphrase',
    ],
  ])('that cannot sign is refused by its file (%#)', async (content, expected) => {
    const file = await pem(content)

    await expect(readSigningKey(file)).rejects.toThrow(expected)
    await expect(readSigningKey(file)).rejects.toThrow(`${file}: `)
  })

  test('that is not there is refused by its name', async () => {
    await expect(readSigningKey(join(folder, 'no.pem'))).rejects.toThrow(
      'expected a key in PEM, got no such file',
    )
    await expect(readPublicKey(await pem('x'))).rejects.toThrow(
      'expected an Ed25519 public key in PEM, got none',
    )
  })
})
