import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import {
  addsMissingDot,
  alterReading,
  dropsDotBehindParameter,
  exists,
  fails256,
  ignoresCase,
  ignoresCaseOfLastSegment,
  longIsEmpty,
  refuses256,
  takesPlaceholder,
  takesWildcard,
  unknownIsEmpty,
  unknownIsInvalidArgument,
  unknownObjectIsEmpty,
  unknownRowIsEmpty,
} from './alter/reading.ts'
import { alterRpc, namesIn, withNames } from './alter/rpc.ts'
import type { Mutant } from './mutant.ts'

const GPV = 'GetParameterValues'

export const mutants: readonly Mutant[] = [
  {
    name: 'gpv-drops-unknown-names',
    cases: ['RPC-GPV-016', 'RPC-GPV-017', 'RPC-GPV-018', 'INT-FLT-005'],
    breaks: 'answers the known names and drops the unknown ones',
    apply: (parts) => alterReading(parts, GPV, unknownIsEmpty),
  },
  {
    name: 'gpv-9003-for-unknown-names',
    cases: ['RPC-GPV-016', 'RPC-GPV-018'],
    breaks: 'answers 9003 to an unknown name',
    apply: (parts) => alterReading(parts, GPV, unknownIsInvalidArgument),
  },
  {
    name: 'gpv-judges-by-the-first-name',
    cases: ['RPC-GPV-017'],
    breaks: 'drops unknown names unless the first one is unknown',
    apply: (parts) =>
      alterRpc(parts, GPV, (request, context, properly) => {
        const [first, ...others] = namesIn(request)
        const known = others.filter((name) => exists(context.tree, name))
        return properly(first === undefined ? request : withNames(request, [first, ...known]), context)
      }),
  },
  {
    name: 'gpv-judges-by-the-last-name',
    cases: ['RPC-GPV-017'],
    breaks: 'keeps only the result of the last name looked up: a fault before it is forgotten',
    apply: (parts) =>
      alterRpc(parts, GPV, (request, context, properly) => {
        const names = namesIn(request)
        const known = names.filter((name, at) => at === names.length - 1 || exists(context.tree, name))
        return properly(names.length > 1 ? withNames(request, known) : request, context)
      }),
  },
  {
    name: 'gpv-unknown-object-is-empty',
    cases: ['RPC-GPV-018', 'RPC-GPV-019'],
    breaks: 'answers any unknown partial path with no entries',
    apply: (parts) => alterReading(parts, GPV, unknownObjectIsEmpty),
  },
  {
    name: 'gpv-unknown-row-is-empty',
    cases: ['RPC-GPV-019'],
    breaks: 'answers a row that is not there like a table without rows',
    apply: (parts) => alterReading(parts, GPV, unknownRowIsEmpty),
  },
  {
    name: 'gpv-takes-placeholders',
    cases: ['RPC-GPV-020'],
    breaks: 'takes {i} for all rows',
    apply: (parts) => alterReading(parts, GPV, takesPlaceholder),
  },
  {
    name: 'gpv-takes-wildcards',
    cases: ['RPC-GPV-021'],
    breaks: 'takes * for all names too, not for instances only',
    apply: (parts) => alterReading(parts, GPV, takesWildcard),
  },
  {
    name: 'gpv-ignores-the-dot-behind-a-parameter',
    cases: ['RPC-GPV-022'],
    breaks: 'answers Manufacturer. like Manufacturer',
    apply: (parts) => alterReading(parts, GPV, dropsDotBehindParameter),
  },
  {
    name: 'gpv-adds-the-missing-dot',
    cases: ['RPC-GPV-023'],
    breaks: 'answers ManagementServer like ManagementServer.',
    apply: (parts) => alterReading(parts, GPV, addsMissingDot),
  },
  {
    name: 'gpv-ignores-case',
    cases: ['RPC-GPV-024'],
    breaks: 'compares names without regard to case',
    apply: (parts) => alterReading(parts, GPV, ignoresCase),
  },
  {
    name: 'gpv-ignores-case-of-the-last-segment',
    cases: ['RPC-GPV-024'],
    breaks: 'compares the names of parameters, not those of objects, without regard to case',
    apply: (parts) => alterReading(parts, GPV, ignoresCaseOfLastSegment),
  },
  {
    name: 'gpv-fails-at-256-characters',
    cases: ['RPC-GPV-025', 'RPC-GPV-026'],
    breaks: 'answers 9002 to a name of 256 characters or more',
    apply: (parts) => alterReading(parts, GPV, fails256),
  },
  {
    name: 'gpv-refuses-256-characters',
    cases: ['RPC-GPV-025'],
    breaks: 'finds a name of 256 characters too long',
    apply: (parts) => alterReading(parts, GPV, refuses256),
  },
  {
    name: 'gpv-answers-long-names',
    cases: ['RPC-GPV-026'],
    breaks: 'answers a name of more than 256 characters with no entries',
    apply: (parts) => alterReading(parts, GPV, longIsEmpty),
  },
  {
    name: 'gpv-everything-without-an-argument',
    cases: ['RPC-GPV-027'],
    breaks: 'takes missing ParameterNames for an empty name',
    apply: (parts) =>
      alterRpc(parts, GPV, (request, context, properly) => {
        const isThere = request.children.some(({ name }) => name === 'ParameterNames')
        return properly(isThere ? request : withNames(request, ['']), context)
      }),
  },
  {
    name: 'gpv-internal-error-without-an-argument',
    cases: ['RPC-GPV-027'],
    breaks: 'answers 9002 when ParameterNames is missing',
    apply: (parts) =>
      alterRpc(parts, GPV, (request, context, properly) => {
        if (request.children.length === 0) throw new CwmpFault(9002)
        return properly(request, context)
      }),
  },
  {
    name: 'gpv-everything-for-an-empty-list',
    cases: ['RPC-GPV-028'],
    breaks: 'takes an empty list of names for an empty name',
    apply: (parts) =>
      alterRpc(parts, GPV, (request, context, properly) => {
        const isEmptyList = request.children.length > 0 && namesIn(request).length === 0
        return properly(isEmptyList ? withNames(request, ['']) : request, context)
      }),
  },
]
