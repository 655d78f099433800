import { describe, expect, test } from 'vitest'
import { answerItems } from './answers.ts'
import { findingsOf } from './signs.ts'
import type { Survey } from './survey.ts'

/** A device with these methods, and these parameters and objects below its root, each with its value. */
function survey(methods: readonly string[], model: Readonly<Record<string, string>>): Survey {
  const root = 'Device.'
  return {
    root,
    methods,
    has: (name) => name.slice(root.length) in model,
    value: (name) => model[name.slice(root.length)],
  }
}
const nothingElse = { names: [], tried: {} }

describe('an item', () => {
  test('is claimed when all that shows it is there', () => {
    const { ics } = answerItems(
      survey(['Upload'], { 'ManagementServer.AliasBasedAddressing': '1' }),
      nothingElse,
      {},
    )

    expect(ics).toMatchObject({ Upload: true, AliasBasedAddressing: true, ScheduleInform: false })
  })

  test('is denied, with a note, when a part of it is missing', () => {
    const device = survey([], {
      'ManagementServer.SupportedConnReqMethods': 'HTTP, XMPP',
      'ManagementServer.STUNEnable': '0',
      'ManagementServer.UDPConnectionRequestAddress': '',
    })
    const { ics, notes } = answerItems(device, nothingElse, {})

    expect(ics.StunConnectionRequest).toBe(false)
    expect(notes['ics.StunConnectionRequest']).toContain('SupportedConnReqMethods is "HTTP, XMPP"')
  })

  test('is denied without a question when what it needs is denied', () => {
    const { ics, notes } = answerItems(survey([], {}), nothingElse, {})

    expect(ics.FirmwareUpgrade).toBe(false)
    expect(notes['ics.FirmwareUpgrade']).toBeUndefined()
  })

  test('stays as somebody has answered it, with a note of what shows otherwise', () => {
    const tried = { DigestSha256: { works: true, words: 'tried: it came' } }
    const written = { Upload: false, ScheduleInform: true, FirmwareUpgrade: true, DigestSha256: false }
    const answers = answerItems(
      survey(['Upload'], {}),
      { names: [], tried },
      { ...written, VendorParameters: true },
    )

    expect(answers.ics).toMatchObject({ ...written, VendorParameters: true })
    expect(answers.notes).toMatchObject({
      'ics.Upload': 'kept as it was written: false; but GetRPCMethods lists Upload',
      'ics.ScheduleInform': 'kept as it was written: true; but GetRPCMethods lists no ScheduleInform',
      'ics.FirmwareUpgrade': expect.stringMatching(
        /^kept as it was written: true; but it needs \w+, which is false$/,
      ),
      'ics.DigestSha256': 'kept as it was written: false; but tried: it came',
      'ics.VendorParameters': 'kept as it was written: true; but GetParameterNames lists none',
    })
  })

  test('needs no note where somebody has answered what shows', () => {
    const { ics, notes } = answerItems(survey(['Upload'], {}), nothingElse, {
      Upload: true,
      ScheduleInform: false,
    })

    expect(ics).toMatchObject({ Upload: true, ScheduleInform: false })
    expect([notes['ics.Upload'], notes['ics.ScheduleInform']]).toEqual([undefined, undefined])
  })

  test('of which nothing shows is left to a human, unless one has answered already', () => {
    const { ics, notes } = answerItems(survey(['Download'], {}), nothingElse, { FirmwareUpgrade: true })

    expect(ics).toMatchObject({ FirmwareUpgrade: true, DhcpDiscovery: null })
    expect(notes['ics.DhcpDiscovery']).toContain('true or false: the agent finds its ACS by DHCP')
  })

  test('that was tried is as it went', () => {
    const tried = { DigestSha256: { works: false, words: 'tried' } }

    expect(answerItems(survey([], {}), { names: [], tried }, {}).ics.DigestSha256).toBe(false)
  })
})

describe('a sign', () => {
  test('says nothing where an older data model has no such parameter', () => {
    const seen = findingsOf('HttpConnectionRequest', survey([], {})).map((finding) => finding.seen)

    expect(seen).toEqual([undefined])
  })

  test('is one of the entries of a list, and no part of one', () => {
    const name = 'XMPP.SupportedServerConnectAlgorithms'
    const seen = (value: string) => findingsOf('XmppDnsSrv', survey([], { [name]: value }))[0]?.seen

    expect([seen('DNS, DNS-SRV'), seen('X-DNS-SRV'), seen('')]).toEqual([true, false, false])
  })
})
