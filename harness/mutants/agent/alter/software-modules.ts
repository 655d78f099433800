import type { AgentParts } from '../../../../reference-agent/agent.ts'
import type { Device } from '../../../../reference-agent/services/services.ts'
import { Operator, type OperatorParts } from '../../../../reference-agent/software-modules/operator.ts'
import { SoftwareModules } from '../../../../reference-agent/software-modules/software-modules.ts'
import { alterEnvelopes } from './wire.ts'

/** Means to break software modules, from outside. */

type OperatorClass = new (...args: ConstructorParameters<typeof Operator>) => Operator
type ModulesClass = new (device: Device) => SoftwareModules

/** Puts a subclass in place of what takes orders and reports them. */
export function alterModules(
  parts: AgentParts,
  subclass: (base: typeof SoftwareModules) => ModulesClass,
): void {
  const Altered = subclass(SoftwareModules)
  parts.services.set('SoftwareModules', (device) => new Altered(device))
}

/** Puts a subclass in place of what carries out one operation. */
export function alterOperator(parts: AgentParts, subclass: (base: typeof Operator) => OperatorClass): void {
  const Altered = subclass(Operator)
  alterModules(
    parts,
    (Base) =>
      class extends Base {
        protected override createOperator(of: OperatorParts): Operator {
          return new Altered(of)
        }
      },
  )
}

/** Changes the text of each DUStateChangeComplete that is sent. */
export function alterChanges(parts: AgentParts, alter: (xml: string) => string): void {
  alterEnvelopes(parts, (xml) => (xml.includes('<cwmp:DUStateChangeComplete>') ? alter(xml) : xml))
}

/** Reports another fault code in place of one. */
export function failWith(parts: AgentParts, code: number, other: number): void {
  alterChanges(parts, (xml) =>
    xml.replaceAll(`<FaultCode>${code}</FaultCode>`, `<FaultCode>${other}</FaultCode>`),
  )
}
