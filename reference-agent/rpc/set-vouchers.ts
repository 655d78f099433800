import { CwmpFault, type XmlElement } from '../soap/soap.ts'
import { Vouchers } from '../vouchers/vouchers.ts'
import { arrayArgument, textOf } from './arguments.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** TR-069 A.4.1.3. */
export class SetVouchers implements RpcHandler {
  readonly method = 'SetVouchers'

  handle(request: XmlElement, { service }: RpcContext): string {
    const vouchers = arrayArgument(request, 'VoucherList', 'base64').map(voucher)
    if (vouchers.length === 0) throw new CwmpFault(9003, 'VoucherList is empty')
    service(Vouchers).apply(vouchers)
    return '<cwmp:SetVouchersResponse/>'
  }
}

function voucher(element: XmlElement): Buffer {
  const text = textOf(element).replace(/\s/g, '')
  if (text === '' || !BASE64.test(text)) throw new CwmpFault(9003, 'a voucher is no base64')
  return Buffer.from(text, 'base64')
}
