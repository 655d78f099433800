import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { referenceProfile } from '../dut/dut.ts'
import type { CaseVerdict, VerdictFile } from '../report/report.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cwmp-hostile-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** Runs two cases that ask GetRPCMethods, and one that does not, against the device. */
async function examine(
  behaviour: string,
  acs: object = {},
): Promise<{
  code: number
  verdict: VerdictFile
  of: (id: string) => CaseVerdict | undefined
  output: string
}> {
  const profile = join(folder, 'dut.json')
  const timing = {
    bootSeconds: 1.5,
    informSeconds: 1.5,
    responseSeconds: 1,
    rebootSeconds: 2,
    adapterSeconds: 2,
  }
  await writeFile(
    profile,
    JSON.stringify({
      ...referenceProfile,
      adapter: {
        kind: 'module',
        file: fileURLToPath(new URL('hostile-cpe.ts', import.meta.url)),
        options: { behaviour },
      },
      ics: { ...referenceProfile.ics, HttpConnectionRequest: false, HttpConnectionRequestEnable: false },
      pixit: { ...referenceProfile.pixit, timing, acs },
    }),
  )
  const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
  const args = [
    cli,
    '--dut',
    profile,
    '--suite',
    'rpc',
    '--grep',
    'RPC-GRM-00[17]|RPC-GPV-001',
    '--out',
    folder,
  ]
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    )
  })
  const verdict: VerdictFile = JSON.parse(await readFile(join(folder, 'verdict.json'), 'utf8'))
  return { code, verdict, of: (id) => verdict.cases.find((each) => each.id === id), output }
}

describe('a run with a device that', { timeout: 60_000 }, () => {
  test.each([
    ['dies and comes back', 'GetRPCMethodsResponse'],
    ['hangs', 'GetRPCMethodsResponse'],
    ['answers garbage', 'GetRPCMethodsResponse'],
    ['answers nothing', 'GetRPCMethodsResponse'],
    ['answers 100 MB', 'GetRPCMethodsResponse'],
    ['answers a bomb', 'GetRPCMethodsResponse'],
    ['answers another method', 'GetRPCMethodsResponse'],
  ])(
    '%s when it is asked GetRPCMethods fails the cases that ask it, and no other',
    async (behaviour, expected) => {
      const { code, of, output } = await examine(behaviour)

      expect(of('RPC-GRM-001')?.verdict, output).toBe('FAIL')
      expect(of('RPC-GRM-001')?.failure?.expected.join(' '), output).toContain(expected)
      expect(of('RPC-GRM-007')?.verdict, output).toBe('WARN')
      expect(of('RPC-GPV-001')?.verdict, output).toBe('PASS')
      expect(code).toBe(1)
    },
  )

  test('dies for good says so in every case that is left, with exit code 3', async () => {
    const { code, of, output } = await examine('dies for good')

    expect(of('RPC-GRM-001')?.verdict, output).toBe('FAIL')
    expect(of('RPC-GRM-007')?.verdict, output).toBe('ERROR')
    expect(of('RPC-GRM-007')?.reason).toContain('opened no session')
    expect(code).toBe(3)
  })

  test.each(['never connects', 'connects and closes'])(
    '%s ends by itself with exit code 3',
    async (behaviour) => {
      const { code, verdict } = await examine(behaviour)

      expect(new Set(verdict.cases.map((each) => each.verdict))).toEqual(new Set(['ERROR']))
      expect(code).toBe(3)
    },
  )

  test.each(['speaks no HTTP', 'sends no envelope'])('%s fails its cases', async (behaviour) => {
    const { code, of, output } = await examine(behaviour)

    expect(of('RPC-GPV-001')?.verdict, output).toBe('FAIL')
    expect(of('RPC-GPV-001')?.failure?.expected).toEqual(['an Inform'])
    expect(code).toBe(1)
  })
})

test('a port in use is named, with exit code 3', { timeout: 30_000 }, async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo

  const { code, verdict } = await examine('hangs', { port })

  taken.close()
  expect(verdict.because.join('\n')).toContain(String(port))
  expect(code).toBe(3)
})
