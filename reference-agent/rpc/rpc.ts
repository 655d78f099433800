/** Public face of rpc/. */
import { GetParameterValues } from './get-parameter-values.ts'
import type { RpcHandler } from './handler.ts'

export { dispatch } from './dispatcher.ts'
export { GetParameterValues } from './get-parameter-values.ts'
export type { RpcContext, RpcHandler, SessionActions } from './handler.ts'

/** All RPCs of this agent, by name. */
export function standardRpcs(): Map<string, RpcHandler> {
  return new Map([new GetParameterValues()].map((handler) => [handler.method, handler]))
}
