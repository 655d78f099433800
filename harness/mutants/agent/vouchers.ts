import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { alterResponse, alterRpc } from './alter/rpc.ts'
import { alterService } from './alter/service.ts'
import { alterStateAtBoot } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const OPTION =
  '<OptionStruct><OptionName>X_CONFORMANCE_Free</OptionName><VoucherSN>1</VoucherSN><State>3</State><Mode>2</Mode><StartDate>2020-01-01T00:00:00Z</StartDate><IsTransferable>0</IsTransferable></OptionStruct>'

function withOptions(xml: string, count: number): string {
  return xml.replace(
    /<OptionList[^>]*>.*<\/OptionList>/s,
    `<OptionList soap-enc:arrayType="cwmp:OptionStruct[${count}]">${OPTION.repeat(count)}</OptionList>`,
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'options-refused-in-general',
    cases: ['TRF-OPT-001'],
    breaks: 'refuses GetOptions with an empty name',
    apply: (parts) =>
      alterRpc(parts, 'GetOptions', () => {
        throw new CwmpFault(9003, 'no name')
      }),
  },
  {
    name: 'options-listed-twice',
    cases: ['TRF-OPT-001', 'TRF-OPT-002'],
    breaks: 'lists an option twice, whatever the name asked for',
    apply: (parts) => alterResponse(parts, 'GetOptions', (xml) => withOptions(xml, 2)),
  },
  {
    name: 'vouchers-of-any-kind',
    cases: ['TRF-OPT-003', 'TRF-OPT-004'],
    breaks: 'grants SetVouchers without looking at the vouchers',
    apply: (parts) => alterService(parts, 'Vouchers', () => ({ apply: () => {} })),
  },
  {
    name: 'vouchers-refused-and-done',
    cases: ['TRF-OPT-004'],
    breaks: 'enables an option by a voucher that it refuses',
    apply: (parts) => {
      let isEnabled = false
      alterRpc(parts, 'SetVouchers', (request, context, properly) => {
        isEnabled = true
        return properly(request, context)
      })
      alterResponse(parts, 'GetOptions', (xml) => (isEnabled ? withOptions(xml, 1) : xml))
    },
  },
  {
    name: 'vouchers-enable-nothing',
    cases: ['TRF-OPT-005'],
    breaks: 'takes a voucher, lists its option and leaves it disabled',
    apply: (parts) => alterService(parts, 'Vouchers', () => ({ isEnabled: () => false })),
  },
  {
    name: 'vouchers-lost-with-power',
    cases: ['TRF-OPT-006'],
    breaks: 'forgets when it boots what vouchers have enabled',
    apply: (parts) => alterStateAtBoot(parts, 'options', () => undefined),
  },
  {
    name: 'vouchers-signed-somehow',
    cases: ['TRF-OPT-007'],
    breaks: 'takes a voucher that has a signature without verifying it',
    apply: (parts) =>
      alterService(parts, 'Vouchers', ({ read }) => ({
        read: (voucher: Buffer) => {
          const text = voucher.toString()
          const [, name] = /<OptionIdent>([^<]+)</.exec(text) ?? []
          if (name === undefined || !text.includes('<SignatureValue>')) return read?.(voucher)
          return [{ name, serialNumber: 1, mode: 2, start: 0, transferable: false }]
        },
      })),
  },
]
