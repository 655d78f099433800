import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { concluded } from './fixture.ts'
import { keepReport, linkLatest, makeReportFolder } from './folder.ts'
import { ReportError } from './read.ts'
import { writeReports } from './write.ts'

let folder: string
let lines: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-'))
  lines = []
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

describe('the folder of a report', () => {
  test('is made, and nothing is left in it', async () => {
    await makeReportFolder(join(folder, 'a/b'))

    expect(await readdir(join(folder, 'a/b'))).toEqual([])
  })

  test('may have something in it', async () => {
    await writeFile(join(folder, 'x'), '1')

    await makeReportFolder(folder)

    expect(await readdir(folder)).toEqual(['x'])
  })

  test.each([
    ['file', 'a file'],
    ['file/below', 'a path through a file'],
    ['nowhere', 'a path through a link that leads nowhere'],
    ['circle', 'links that lead in a circle'],
    ['x'.repeat(300), 'a name that is too long'],
  ])('cannot be %s', async (name, expected) => {
    await writeFile(join(folder, 'file'), '')
    await symlink('missing/folder', join(folder, 'nowhere'))
    await symlink('circle', join(folder, 'circle'))

    const error = await makeReportFolder(join(folder, name)).catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(ReportError)
    expect((error as Error).message).toBe(
      `--out ${join(folder, name)}: expected a folder that can be written, got ${expected}`,
    )
  })
})

describe('a report that cannot be written', () => {
  test('is one line, and no error', async () => {
    await mkdir(join(folder, 'verdict.json/x'), { recursive: true })

    expect(await keepReport(folder, () => writeReports(concluded([]), folder))).toBe(false)

    expect(lines).toEqual([expect.stringContaining(`${folder}: the report could not be written: EISDIR`)])
    expect(lines.join()).not.toContain('\n')
  })

  test('for a fault of the program is one', async () => {
    const fault = new TypeError('no function')

    await expect(keepReport(folder, () => Promise.reject(fault))).rejects.toBe(fault)
    expect(await keepReport(folder, async () => {})).toBe(true)
    expect(lines).toEqual([])
  })
})

describe('reports/latest', () => {
  beforeEach(async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(folder)
    await mkdir(join(folder, 'reports'))
  })
  const latest = () => readlink(join(folder, 'reports/latest'))

  test('leads to the newest report', async () => {
    await linkLatest(join(folder, 'reports/1'))
    await linkLatest(join(folder, 'reports/2'))

    expect(await latest()).toBe('2')
    expect(await readdir(join(folder, 'reports'))).toEqual(['latest'])
  })

  test('leads to a report of one of several runs that end together', async () => {
    const names = Array.from({ length: 20 }, (_, at) => String(at))

    await Promise.all(names.map((name) => linkLatest(join(folder, 'reports', name))))

    expect(names).toContain(await latest())
    expect(lines).toEqual([])
    expect(await readdir(join(folder, 'reports'))).toEqual(['latest'])
  })

  test('that is a folder stays as it is, and that is said', async () => {
    await mkdir(join(folder, 'reports/latest'))
    await writeFile(join(folder, 'reports/latest/x'), 'of somebody')

    await linkLatest(join(folder, 'reports/1'))

    expect(lines).toEqual(['reports/latest does not lead to this report: it is a folder of its own'])
    expect(await readFile(join(folder, 'reports/latest/x'), 'utf8')).toBe('of somebody')
    expect(await readdir(join(folder, 'reports'))).toEqual(['latest'])
  })
})
