import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted, refused, Untestable } from '../../harness/conformance.ts'
import { isFault, type ResponseOf } from '../../harness/cwmp/cwmp.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import { test } from './bench.ts'
import { named, octetsOf } from './files.ts'

/** Vouchers and options, both deprecated (TR-069 A.4.1.2, A.4.1.3, Annex C). */

test('TRF-OPT-001 lists its options to GetOptions with an empty name', {
  meta: { id: 'TRF-OPT-001' },
}, async ({ session }) => {
  const { OptionList } = granted(await session.call('GetOptions', { OptionName: '' }))

  const names = OptionList.map(({ OptionName }) => OptionName)
  expect(new Set(names).size, 'options, each once').toBe(names.length)
})

test('TRF-OPT-002 lists no option to GetOptions with a name that it does not know, or refuses with 9003', {
  meta: { id: 'TRF-OPT-002' },
}, async ({ session }) => {
  const answer = await session.call('GetOptions', { OptionName: 'X_CONFORMANCE_NoSuchOption' })

  if ('OptionList' in answer) expect(answer.OptionList).toEqual([])
  else refused(answer, 9003)
})

test('TRF-OPT-003 refuses a voucher that is no voucher', {
  meta: { id: 'TRF-OPT-003' },
}, async ({ session }) => {
  const voucher = Buffer.from('no voucher at all').toString('base64')

  refused(await session.call('SetVouchers', { VoucherList: [voucher] }), 9001, 9002, 9003)
})

test('TRF-OPT-004 refuses a voucher without a signature, and enables nothing', {
  meta: { id: 'TRF-OPT-004' },
}, async ({ session }) => {
  const { OptionList: before } = granted(await session.call('GetOptions', { OptionName: '' }))
  const option =
    '<Option Id="option0"><VSerialNum>1</VSerialNum><OptionIdent>X_CONFORMANCE_Free</OptionIdent><Mode>EnableWithoutExpiration</Mode></Option>'
  const signature = `<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><Object Id="option0">${option}</Object></Signature>`
  const voucher = Buffer.from(signature).toString('base64')

  refused(await session.call('SetVouchers', { VoucherList: [voucher] }), 9001, 9002, 9003)

  const { OptionList: after } = granted(await session.call('GetOptions', { OptionName: '' }))
  expect(after).toEqual(before)
})

type Option = ResponseOf<'GetOptions'>['OptionList'][number]

/** The voucher of the profile, and the option that it enables. */
function voucherOf({ files }: Profile['pixit']): { readonly option: string; readonly octets: Buffer } {
  const voucher = named(files.voucher, 'voucher')
  return { option: voucher.option, octets: octetsOf(voucher) }
}

/** What GetOptions tells of an option; undefined when it is not there. */
async function optionOf(session: AcsSession, OptionName: string): Promise<Option | undefined> {
  const answer = await session.call('GetOptions', { OptionName })
  // A device may refuse a name that it does not know.
  return isFault(answer) ? undefined : answer.OptionList.find((each) => each.OptionName === OptionName)
}

/** The lowest bit of State says whether the option is enabled, the next one whether it has been set up. */
function isEnabled({ State, Mode }: Option): boolean {
  return State % 2 === 1 && Mode !== 0
}

/**
 * Gives the voucher to the device.
 * @throws Untestable when the device refuses it and has that option already: it may take a voucher once
 * @throws ConformanceFailure when the device refuses it, or the option is not enabled afterwards
 */
async function enable(session: AcsSession, pixit: Profile['pixit']): Promise<Option> {
  const { option, octets } = voucherOf(pixit)
  const before = await optionOf(session, option)

  const answer = await session.call('SetVouchers', { VoucherList: [octets.toString('base64')] })

  if (isFault(answer) && before && isEnabled(before))
    throw new Untestable(`the device has the option ${option} already, and takes its voucher once`)
  granted(answer)
  const after = await optionOf(session, option)
  if (after && isEnabled(after)) return after
  throw new ConformanceFailure(
    `option ${option} enabled: State 1 or 3, Mode 1 or 2`,
    after ? `State ${after.State}, Mode ${after.Mode}` : 'no such option',
  )
}

test('TRF-OPT-005 takes a good voucher and lists its option as enabled', {
  meta: { id: 'TRF-OPT-005' },
}, async ({ session, pixit }) => {
  await enable(session, pixit)
})

test('TRF-OPT-006 keeps an option that a voucher has enabled over a power cycle', {
  meta: { id: 'TRF-OPT-006' },
}, async ({ cpe, session, signal, pixit }) => {
  const before = await enable(session, pixit)
  await session.end()

  await cpe.dut.powerCycle()

  const booted = await cpe.firstSessionSinceBoot({ signal })
  expect(await optionOf(booted, before.OptionName), 'what GetOptions tells of the option').toEqual(before)
})

test('TRF-OPT-007 refuses a voucher that was changed after it was signed, and enables nothing', {
  meta: { id: 'TRF-OPT-007' },
}, async ({ session, pixit }) => {
  const { option, octets } = voucherOf(pixit)
  const other = `${option.slice(0, 63)}2`
  const text = octets.toString()
  const forged = text.replaceAll(`>${option}<`, `>${other}<`)
  if (forged === text) throw new Untestable(`the voucher of the profile does not name ${option}`)

  const answer = await session.call('SetVouchers', { VoucherList: [Buffer.from(forged).toString('base64')] })

  refused(answer, 9001, 9002, 9003)
  expect(await optionOf(session, other), 'what GetOptions tells of the option').toBeUndefined()
})
