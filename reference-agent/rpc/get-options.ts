import { escapeXml, type XmlElement } from '../soap/soap.ts'
import { type OptionStatus, Vouchers } from '../vouchers/vouchers.ts'
import { stringArgument } from './arguments.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

/** TR-069 A.4.1.4. */
export class GetOptions implements RpcHandler {
  readonly method = 'GetOptions'

  handle(request: XmlElement, { service }: RpcContext): string {
    const options = service(Vouchers).options(stringArgument(request, 'OptionName', 64))
    const list = `<OptionList soap-enc:arrayType="cwmp:OptionStruct[${options.length}]">${options.map(struct).join('')}</OptionList>`
    return `<cwmp:GetOptionsResponse>${list}</cwmp:GetOptionsResponse>`
  }
}

/** State: 1 for enabled, and 2 because every option of this device is set up. */
function struct({
  name,
  serialNumber,
  isEnabled,
  mode,
  start,
  expiration,
  transferable,
}: OptionStatus): string {
  return [
    `<OptionStruct><OptionName>${escapeXml(name)}</OptionName><VoucherSN>${serialNumber}</VoucherSN>`,
    `<State>${isEnabled ? 3 : 2}</State><Mode>${mode}</Mode><StartDate>${dateTime(start)}</StartDate>`,
    expiration === undefined ? '' : `<ExpirationDate>${dateTime(expiration)}</ExpirationDate>`,
    `<IsTransferable>${transferable ? 1 : 0}</IsTransferable></OptionStruct>`,
  ].join('')
}

function dateTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}
