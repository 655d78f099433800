import type { AttributeChange } from '../datamodel/datamodel.ts'
import { CwmpFault, type XmlElement } from '../soap/soap.ts'
import {
  arrayArgument,
  booleanArgument,
  integerArgument,
  stringArgument,
  stringsArgument,
} from './arguments.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

/** TR-069 A.3.2.4. */
export class SetParameterAttributes implements RpcHandler {
  readonly method = 'SetParameterAttributes'

  handle(request: XmlElement, { tree }: RpcContext): string {
    const structs = arrayArgument(request, 'ParameterList', 'SetParameterAttributesStruct')
    if (structs.length === 0) throw new CwmpFault(9003, 'ParameterList is empty')
    tree.setAttributes(structs.map((each) => this.change(each)))
    return '<cwmp:SetParameterAttributesResponse/>'
  }

  /** Notification and AccessList count only where the argument before them says so. */
  change(struct: XmlElement): AttributeChange {
    const path = stringArgument(struct, 'Name')
    const notificationChange = booleanArgument(struct, 'NotificationChange')
    const accessListChange = booleanArgument(struct, 'AccessListChange')
    const notification = this.notification(struct, notificationChange)
    const accessList = this.accessList(struct)
    return {
      path,
      notification: notificationChange ? notification : undefined,
      accessList: accessListChange ? accessList : undefined,
    }
  }

  /** Has to be there and a number in any case; its range matters only when it is to be applied. */
  notification(struct: XmlElement, isApplied: boolean): number {
    const [minimum, maximum] = isApplied ? [0, 6] : [-(2 ** 31), 2 ** 31 - 1]
    return integerArgument(struct, 'Notification', minimum, maximum)
  }

  accessList(struct: XmlElement): string[] {
    const entries = stringsArgument(struct, 'AccessList')
    if (entries.some((each) => [...each].length > 64))
      throw new CwmpFault(9003, 'an entry of AccessList is too long')
    return entries
  }
}
