import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { concluded } from '../report/fixture.ts'
import { gatherLogs } from './files.ts'
import type { Part } from './verdicts.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'merge-files-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** A part of two with these files. */
async function aPart(index: number, files: Readonly<Record<string, string>>): Promise<Part> {
  const own = join(folder, `part-${index}`)
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(own, name)), { recursive: true })
    await writeFile(join(own, name), content)
  }
  return { folder: own, verdict: concluded([], { shard: { index, of: 2 } }) }
}

test("logs of containers and devices come along, and those of two parts do not get in each other's way", async () => {
  const parts = [
    await aPart(1, { 'containers/genieacs.log': 'one', 'device-logs/end-7.log': 'booted' }),
    await aPart(2, { 'containers/genieacs.log': 'two', 'containers/mongo.log': 'ready' }),
  ]
  const out = join(folder, 'merged')

  await gatherLogs(parts, out)

  const read = (name: string) => readFile(join(out, name), 'utf8')
  expect(await read('containers/shard-1/genieacs.log')).toBe('one')
  expect(await read('containers/shard-2/genieacs.log')).toBe('two')
  expect(await read('containers/shard-2/mongo.log')).toBe('ready')
  expect(await read('device-logs/shard-1/end-7.log')).toBe('booted')
  expect(await readdir(join(out, 'device-logs'))).toEqual(['shard-1'])
})

test('parts without logs leave no empty folders', async () => {
  const out = join(folder, 'merged')
  await mkdir(out)

  await gatherLogs([await aPart(1, { 'transcripts/RPC-A-001.txt': 'x' })], out)

  expect(await readdir(out)).toEqual([])
})
