import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { icsNames as namesIn } from '../requirements/ics-expression.ts'
import { loadRequirements } from '../requirements/requirements.ts'
import { icsPage } from './ics/page.ts'
import { type Ics, type IcsName, icsItems, icsNames, icsSchema, mandatoryItemsAnsweredNo } from './ics.ts'
import { referenceProfile } from './reference-profile.ts'

const requirements = [...loadRequirements().values()]
const reference = referenceProfile.ics

describe('the table', () => {
  test('has every item that a requirement names', () => {
    const named = new Set(requirements.flatMap(({ ics }) => (ics === undefined ? [] : namesIn(ics))))

    expect([...named].filter((name) => !icsNames.includes(name as IcsName))).toEqual([])
  })

  test('has nothing without use: a case is switched, the wire shows it, or the reason why not is said', () => {
    const named = new Set(requirements.flatMap(({ ics }) => (ics === undefined ? [] : namesIn(ics))))
    const idle = icsNames.filter((name) => !named.has(name) && 'unseen' in icsItems[name].shown)

    // Who stands behind a proxy does not show, and the bench brings nobody there.
    expect(idle).toEqual(['VirtualDevices', 'EmbeddedDevices'])
  })

  test('names only items of its own as needed by others, and says each condition', () => {
    for (const name of icsNames) {
      const { requires, status, condition } = icsItems[name]
      for (const required of requires ?? []) expect(icsNames, name).toContain(required)
      expect(condition !== undefined, name).toBe(status === 'conditional')
    }
  })

  test('is what docs/ics.md shows', async () => {
    // To renew it: npx vitest run --root . --project unit harness/dut/ics.test.ts -u
    await expect(icsPage(requirements)).toMatchFileSnapshot(
      fileURLToPath(new URL('../../docs/ics.md', import.meta.url)),
    )
  })
})

describe('a statement', () => {
  const issuesOf = (ics: Partial<Ics>) =>
    icsSchema.safeParse({ ...reference, ...ics }).error?.issues.map(({ path, message }) => [path[0], message])

  test('that answers every item is taken', () => {
    expect(issuesOf({})).toBeUndefined()
  })

  test.each(icsNames)('that is silent about %s is refused', (name) => {
    expect(issuesOf({ [name]: undefined })?.map(([item]) => item)).toEqual([name])
  })

  test('cannot claim an item without what that needs', () => {
    expect(issuesOf({ FileDownload: false })).toEqual([
      ['FirmwareUpgrade', 'false, because ics.FileDownload is false'],
      ['StoredFirmwareImage', 'false, because ics.FileDownload is false'],
      ['VendorConfigurationDownload', 'false, because ics.FileDownload is false'],
    ])
  })
})

describe('mandatoryItemsAnsweredNo', () => {
  test('finds none in the statement of the reference agent', () => {
    expect(mandatoryItemsAnsweredNo({ ics: reference })).toEqual([])
  })

  test('names the mandatory items that are denied, with their clauses, and no optional ones', () => {
    const ics = { ...reference, Upload: false, FactoryReset: false, Reboot: false, GetRPCMethods: false }

    expect(mandatoryItemsAnsweredNo({ ics })).toEqual([
      { name: 'GetRPCMethods', clause: 'A.3.1.1', text: 'answers the GetRPCMethods RPC' },
      { name: 'Reboot', clause: 'A.3.2.9', text: 'answers the Reboot RPC' },
    ])
  })
})
