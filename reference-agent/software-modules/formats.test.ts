import { describe, expect, test } from 'vitest'
import { unitFile } from './test-bench.ts'
import { parseUnitFile } from './unit-file.ts'
import { isUuid, uuidOfUnit } from './uuid.ts'
import { compareVersions } from './version.ts'

describe('the file of a deployment unit', () => {
  test('tells what it holds', () => {
    const content = unitFile({ type: 'Environment 1' })
    expect(parseUnitFile(content)).toEqual({
      name: 'clock',
      version: '1.0',
      vendor: 'vendor.example',
      requires: [],
      type: 'Environment 1',
      size: content.length,
    })
    const two = Buffer.from(
      unitFile().toString().replace('name:', 'requires: gears\nrequires: springs\nname:'),
    )
    expect(parseUnitFile(two).requires).toEqual(['gears', 'springs'])
  })

  test('may have any payload', () => {
    expect(() => parseUnitFile(unitFile({}, ''))).not.toThrow()
    expect(() => parseUnitFile(unitFile({}, 'a\n\nname: b\n\n'))).not.toThrow()
  })

  test.each<[string, Buffer]>([
    ['another first line', Buffer.from(unitFile().toString().replace('UNIT 1', 'UNIT 2'))],
    ['no empty line', Buffer.from('CWMP-REFERENCE-UNIT 1\nname: clock\n')],
    ['nothing', Buffer.alloc(0)],
    ['a head without end', Buffer.from(`CWMP-REFERENCE-UNIT 1\nname: ${'x'.repeat(100_000)}\n\n`)],
    ['a line without value', unitFile({ vendor: '' })],
    ['a line without colon', Buffer.from(unitFile().toString().replace('name: ', 'name '))],
    ['no version', Buffer.from(unitFile().toString().replace('version: 1.0\n', ''))],
    [
      'two versions',
      Buffer.from(unitFile().toString().replace('version: 1.0', 'version: 1.0\nversion: 2.0')),
    ],
    ['too long a version', unitFile({ version: '1'.repeat(33) })],
    ['a wrong checksum', Buffer.from(unitFile().toString().replace('payload', 'pAyload'))],
    ['a missing end', unitFile().subarray(0, -1)],
  ])('%s makes it unusable (9018)', (_, content) => {
    expect(() => parseUnitFile(content)).toThrow(expect.objectContaining({ code: 9018 }))
  })
})

test('versions compare number by number', () => {
  const inOrder = ['1', '1.0.1', '1.2', '1.10', '1.10-a', '1.10-b', '2.0', '10']
  for (const [index, version] of inOrder.entries()) {
    for (const [other, against] of inOrder.entries())
      expect(Math.sign(compareVersions(version, against))).toBe(Math.sign(index - other))
  }
  expect(compareVersions('1.0', '1')).toBe(0)
})

test('UUIDs of units are name-based, in the name space of their vendor', () => {
  expect(uuidOfUnit('vendor.example', 'clock')).toBe(uuidOfUnit('Vendor.Example', 'clock'))
  expect(uuidOfUnit('vendor.example', 'clock')).not.toBe(uuidOfUnit('else.example', 'clock'))
  expect(isUuid(uuidOfUnit('vendor.example', 'clock'))).toBe(true)
  expect(['', '12345678-1234-1234-1234-12345678901', '12345678123412341234123456789012'].some(isUuid)).toBe(
    false,
  )
})
