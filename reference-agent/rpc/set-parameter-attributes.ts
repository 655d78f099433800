import type { AttributeChange } from '../datamodel/datamodel.ts'
import { CwmpFault, type CwmpVersion, type XmlElement } from '../soap/soap.ts'
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

  handle(request: XmlElement, { tree, version }: RpcContext): string {
    const structs = arrayArgument(request, 'ParameterList', 'SetParameterAttributesStruct')
    if (structs.length === 0) throw new CwmpFault(9003, 'ParameterList is empty')
    tree.setAttributes(structs.map((each) => this.change(each, this.highestNotification(version))))
    return '<cwmp:SetParameterAttributesResponse/>'
  }

  /** Notification and AccessList count only where the argument before them says so. */
  change(struct: XmlElement, highest: number): AttributeChange {
    const path = stringArgument(struct, 'Name')
    const notificationChange = booleanArgument(struct, 'NotificationChange')
    const accessListChange = booleanArgument(struct, 'AccessListChange')
    const notification = this.notification(struct, notificationChange, highest)
    const accessList = this.accessList(struct)
    return {
      path,
      notification: notificationChange ? notification : undefined,
      accessList: accessListChange ? accessList : undefined,
    }
  }

  /** 3 to 6 came with CWMP 1.4. */
  highestNotification(version: CwmpVersion): number {
    return version === '1.4' ? 6 : 2
  }

  /** Has to be there and a number in any case; its range matters only when it is to be applied. */
  notification(struct: XmlElement, isApplied: boolean, highest: number): number {
    const [minimum, maximum] = isApplied ? [0, highest] : [-(2 ** 31), 2 ** 31 - 1]
    return integerArgument(struct, 'Notification', minimum, maximum)
  }

  accessList(struct: XmlElement): string[] {
    const entries = stringsArgument(struct, 'AccessList')
    if (entries.some((each) => [...each].length > 64))
      throw new CwmpFault(9003, 'an entry of AccessList is too long')
    return entries
  }
}
