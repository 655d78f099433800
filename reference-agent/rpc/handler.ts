/** What every RPC of the CPE has in common. */
import type { ParameterTree } from '../datamodel/datamodel.ts'
import type { CpeService, ServiceClass } from '../services/services.ts'
import type { CwmpVersion, XmlElement } from '../soap/soap.ts'

/** What an RPC may set off beyond the data model; carried out after the session has ended. */
interface SessionActions {
  requestReboot(commandKey: string): void
  requestFactoryReset(): void
}

export interface RpcContext {
  tree: ParameterTree
  version: CwmpVersion
  session: SessionActions
  /** Names of all RPCs this agent answers. */
  methods(): string[]
  /** The part of the device that carries the RPC out. Throws when the device has none of that class. */
  service<T extends CpeService>(type: ServiceClass<T>): T
}

export interface RpcHandler {
  readonly method: string
  /** Carries the RPC out and returns the XML of its response element, prefix cwmp. Throws CwmpFault. */
  handle(request: XmlElement, context: RpcContext): string
}
