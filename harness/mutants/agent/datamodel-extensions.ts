import type { AgentParts } from '../../../reference-agent/agent.ts'
import { InterfaceStack } from '../../../reference-agent/interface-stack/interface-stack.ts'
import { addParameter } from './alter/definitions.ts'
import { alterStateAtBoot } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

/** Puts a subclass in place of what keeps InterfaceStack. */
function alterStack(
  parts: AgentParts,
  subclass: (base: typeof InterfaceStack) => typeof InterfaceStack,
): void {
  const Altered = subclass(InterfaceStack)
  parts.services.set('InterfaceStack', (device) => new Altered(device))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'vendor-without-name',
    cases: ['DM-VENDOR-001'],
    breaks: 'has a parameter of its own that does not say whose it is',
    apply: (parts) => addParameter(parts, 'Device.DeviceInfo.X_Note', { type: 'string' }),
  },
  {
    name: 'vendor-lost-at-boot',
    cases: ['DM-VENDOR-002'],
    breaks: 'keeps what is its own only until the next boot',
    apply: (parts) =>
      alterStateAtBoot<Record<string, string>>(parts, 'datamodel.values', (values) =>
        Object.fromEntries(Object.entries(values).filter(([path]) => !path.includes('.X_'))),
      ),
  },
  {
    name: 'stack-names-what-is-gone',
    cases: ['DM-STACK-001', 'DM-STACK-002'],
    breaks: 'leaves rows in InterfaceStack that name nothing',
    apply: (parts) => {
      // The references are weak, so that nothing empties them.
      parts.objects = parts.objects.map((each) =>
        each.path === 'Device.InterfaceStack.{i}.'
          ? { ...each, parameters: { ...each.parameters, LowerLayer: { type: 'string' } } }
          : each,
      )
      alterStack(
        parts,
        (Base) =>
          class extends Base {
            protected override links() {
              const gone = { HigherLayer: 'Device.IP.Interface.1', LowerLayer: 'Device.Ethernet.Link.9' }
              return [...super.links(), gone]
            }
          },
      )
    },
  },
  {
    name: 'stack-incomplete',
    cases: ['DM-STACK-002'],
    breaks: 'leaves the first of its interfaces out of InterfaceStack',
    apply: (parts) =>
      alterStack(
        parts,
        (Base) =>
          class extends Base {
            protected override links() {
              return super.links().slice(1)
            }
          },
      ),
  },
]
