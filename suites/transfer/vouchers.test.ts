import { expect, granted, refused } from '../../harness/conformance.ts'
import { test } from './bench.ts'

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
