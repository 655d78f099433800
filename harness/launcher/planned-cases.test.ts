import { readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadRequirements } from '../requirements/requirements.ts'
import { durationsOf, plannedCases, suitesOfCases } from './planned-cases.ts'

const everything = { selection: { level: 'MAY' } } as const
const requirements = loadRequirements()
const file = fileURLToPath(new URL('../../suites/dut/adapter.test.ts', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planned-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a file of a suite tells its cases without being run', () => {
  const planned = plannedCases(file, 'dut', requirements, everything)

  const first = { project: 'dut', id: 'DUT-ADAPTER-001' }
  expect(planned[0]).toEqual(first)
  expect(plannedCases(file, 'dut', requirements, { selection: { level: 'MAY', grep: '-001' } })).toEqual([
    first,
  ])
  expect(plannedCases(file, 'dut', requirements, { selection: { level: 'MAY', grep: 'no such' } })).toEqual(
    [],
  )
})

test('all files together tell every requirement that has a case', () => {
  const suites = fileURLToPath(new URL('../../suites/', import.meta.url))
  const files = readdirSync(suites, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.test.ts'),
  )

  const planned = files.flatMap((name) => plannedCases(join(suites, name), 'any', requirements, everything))

  const examinable = [...requirements.values()].filter(({ excluded, retired }) => !(excluded ?? retired))
  expect(planned.map(({ id }) => id).toSorted()).toEqual(examinable.map(({ id }) => id).toSorted())
})

test('each requirement that has a case has the suite in whose folder that is', () => {
  const suites = suitesOfCases()

  const examinable = [...requirements.values()].filter(({ excluded, retired }) => !(excluded ?? retired))
  expect([...suites.keys()].toSorted()).toEqual(examinable.map(({ id }) => id).toSorted())
  // The first word of an id does not tell: these three are what its neighbours are not.
  expect(suites.get('UNI-XML-001')).toBe('session')
  expect(suites.get('XMPP-FUZZ-001')).toBe('xmpp')
  expect(suites.get('FUZZ-SOAP-001')).toBe('fuzz')
})

test('the parts of a run share the cases of a file', () => {
  const parts = [1, 2, 3].map((index) =>
    plannedCases(file, 'dut', requirements, { ...everything, shard: { index, of: 3 } }),
  )

  expect(parts.flat()).toHaveLength(plannedCases(file, 'dut', requirements, everything).length)
})

test('what cases took is taken from an earlier run of the same product, if there is one', async () => {
  const earlier = join(folder, 'verdict.json')
  const product = { manufacturer: 'Example', model: 'Box' }
  await writeFile(
    earlier,
    JSON.stringify({ dut: product, cases: [{ suite: 'rpc', id: 'RPC-GPV-001', durationMs: 0 }] }),
  )
  await writeFile(join(folder, 'broken.json'), '{"dut"')

  expect([...durationsOf(earlier, product)]).toEqual([['rpc RPC-GPV-001', 1]])
  expect(durationsOf(earlier, { ...product, model: 'Other' }).size).toBe(0)
  expect(durationsOf(join(folder, 'broken.json'), product).size).toBe(0)
  expect(durationsOf(join(folder, 'absent.json'), product).size).toBe(0)
})
