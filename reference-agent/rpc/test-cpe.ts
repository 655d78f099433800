/** For unit tests: a data model with its RPCs, called as an ACS would call it. */
import { expect } from 'vitest'
import { device2, ParameterTree } from '../datamodel/datamodel.ts'
import { MemoryStore } from '../datamodel/memory-store.ts'
import { type CpeService, serviceOf } from '../services/services.ts'
import { buildEnvelope, type CwmpFault, parseEnvelope, type XmlElement } from '../soap/soap.ts'
import { dispatch, type RpcContext, standardRpcs } from './rpc.ts'

export class Cpe {
  readonly tree = new ParameterTree(device2, new MemoryStore())
  readonly rpcs = standardRpcs()
  readonly requested: string[] = []
  services: CpeService[] = []
  readonly context: RpcContext = {
    tree: this.tree,
    version: '1.4',
    session: {
      requestReboot: (commandKey) => this.requested.push(`reboot ${commandKey}`),
      requestFactoryReset: () => this.requested.push('factory reset'),
    },
    methods: () => [...this.rpcs.keys()],
    service: (type) => serviceOf(this.services, type),
  }

  /** The response element of a call. */
  call(method: string, args = ''): XmlElement {
    const request = parseEnvelope(
      buildEnvelope(`<cwmp:${method}>${args}</cwmp:${method}>`, { version: '1.4' }),
    ).body
    const response = parseEnvelope(
      buildEnvelope(dispatch(request, this.rpcs, this.context), { version: '1.4' }),
    )
    expect(response).toMatchObject({ kind: 'response', method, namespace: 'urn:dslforum-org:cwmp-1-2' })
    return response.body
  }

  faultCode(method: string, args = ''): number {
    try {
      this.call(method, args)
      return 0
    } catch (error) {
      return (error as CwmpFault).faultCode
    }
  }
}

export const names = (...all: string[]) =>
  `<ParameterNames>${all.map((each) => `<string>${each}</string>`).join('')}</ParameterNames>`
export const value = (name: string, text: string, attributes = '') =>
  `<ParameterValueStruct><Name>${name}</Name><Value ${attributes}>${text}</Value></ParameterValueStruct>`
export const spv = (list: string, key = '') =>
  `<ParameterList>${list}</ParameterList><ParameterKey>${key}</ParameterKey>`
export const attribute = (
  name: string,
  notification: string,
  rest = '<AccessListChange>0</AccessListChange><AccessList/>',
) =>
  `<SetParameterAttributesStruct><Name>${name}</Name><NotificationChange>1</NotificationChange>` +
  `<Notification>${notification}</Notification>${rest}</SetParameterAttributesStruct>`
export const spa = (list: string) => `<ParameterList>${list}</ParameterList>`
export const PROVISIONING_CODE = 'Device.DeviceInfo.ProvisioningCode'
