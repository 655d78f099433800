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

const GPA = 'GetParameterAttributes'

export const mutants: readonly Mutant[] = [
  {
    name: 'gpa-drops-unknown-names',
    cases: ['RPC-GPA-012', 'RPC-GPA-013', 'RPC-GPA-014'],
    breaks: 'answers the known names and drops the unknown ones',
    apply: (parts) => alterReading(parts, GPA, unknownIsEmpty),
  },
  {
    name: 'gpa-9003-for-unknown-names',
    cases: ['RPC-GPA-012', 'RPC-GPA-014'],
    breaks: 'answers 9003 to an unknown name',
    apply: (parts) => alterReading(parts, GPA, unknownIsInvalidArgument),
  },
  {
    name: 'gpa-judges-by-the-first-name',
    cases: ['RPC-GPA-013'],
    breaks: 'drops unknown names unless the first one is unknown',
    apply: (parts) =>
      alterRpc(parts, GPA, (request, context, properly) => {
        const [first, ...others] = namesIn(request)
        const known = others.filter((name) => exists(context.tree, name))
        return properly(first === undefined ? request : withNames(request, [first, ...known]), context)
      }),
  },
  {
    name: 'gpa-judges-by-the-last-name',
    cases: ['RPC-GPA-013'],
    breaks: 'keeps only the result of the last name looked up: a fault before it is forgotten',
    apply: (parts) =>
      alterRpc(parts, GPA, (request, context, properly) => {
        const names = namesIn(request)
        const known = names.filter((name, at) => at === names.length - 1 || exists(context.tree, name))
        return properly(names.length > 1 ? withNames(request, known) : request, context)
      }),
  },
  {
    name: 'gpa-unknown-object-is-empty',
    cases: ['RPC-GPA-014', 'RPC-GPA-015'],
    breaks: 'answers any unknown partial path with no entries',
    apply: (parts) => alterReading(parts, GPA, unknownObjectIsEmpty),
  },
  {
    name: 'gpa-unknown-row-is-empty',
    cases: ['RPC-GPA-015'],
    breaks: 'answers a row that is not there like a table without rows',
    apply: (parts) => alterReading(parts, GPA, unknownRowIsEmpty),
  },
  {
    name: 'gpa-takes-placeholders',
    cases: ['RPC-GPA-016'],
    breaks: 'takes {i} for all rows',
    apply: (parts) => alterReading(parts, GPA, takesPlaceholder),
  },
  {
    name: 'gpa-takes-wildcards',
    cases: ['RPC-GPA-017'],
    breaks: 'takes * for all names too, not for instances only',
    apply: (parts) => alterReading(parts, GPA, takesWildcard),
  },
  {
    name: 'gpa-ignores-the-dot-behind-a-parameter',
    cases: ['RPC-GPA-018'],
    breaks: 'answers Manufacturer. like Manufacturer',
    apply: (parts) => alterReading(parts, GPA, dropsDotBehindParameter),
  },
  {
    name: 'gpa-adds-the-missing-dot',
    cases: ['RPC-GPA-019'],
    breaks: 'answers ManagementServer like ManagementServer.',
    apply: (parts) => alterReading(parts, GPA, addsMissingDot),
  },
  {
    name: 'gpa-ignores-case',
    cases: ['RPC-GPA-020'],
    breaks: 'compares names without regard to case',
    apply: (parts) => alterReading(parts, GPA, ignoresCase),
  },
  {
    name: 'gpa-ignores-case-of-the-last-segment',
    cases: ['RPC-GPA-020'],
    breaks: 'compares the names of parameters, not those of objects, without regard to case',
    apply: (parts) => alterReading(parts, GPA, ignoresCaseOfLastSegment),
  },
  {
    name: 'gpa-fails-at-256-characters',
    cases: ['RPC-GPA-021', 'RPC-GPA-022'],
    breaks: 'answers 9002 to a name of 256 characters or more',
    apply: (parts) => alterReading(parts, GPA, fails256),
  },
  {
    name: 'gpa-refuses-256-characters',
    cases: ['RPC-GPA-021'],
    breaks: 'finds a name of 256 characters too long',
    apply: (parts) => alterReading(parts, GPA, refuses256),
  },
  {
    name: 'gpa-answers-long-names',
    cases: ['RPC-GPA-022'],
    breaks: 'answers a name of more than 256 characters with no entries',
    apply: (parts) => alterReading(parts, GPA, longIsEmpty),
  },
  {
    name: 'gpa-everything-without-an-argument',
    cases: ['RPC-GPA-023'],
    breaks: 'takes missing ParameterNames for an empty name',
    apply: (parts) =>
      alterRpc(parts, GPA, (request, context, properly) => {
        const isThere = request.children.some(({ name }) => name === 'ParameterNames')
        return properly(isThere ? request : withNames(request, ['']), context)
      }),
  },
  {
    name: 'gpa-internal-error-without-an-argument',
    cases: ['RPC-GPA-023'],
    breaks: 'answers 9002 when ParameterNames is missing',
    apply: (parts) =>
      alterRpc(parts, GPA, (request, context, properly) => {
        if (request.children.length === 0) throw new CwmpFault(9002)
        return properly(request, context)
      }),
  },
  {
    name: 'gpa-everything-for-an-empty-list',
    cases: ['RPC-GPA-024'],
    breaks: 'takes an empty list of names for an empty name',
    apply: (parts) =>
      alterRpc(parts, GPA, (request, context, properly) => {
        const isEmptyList = request.children.length > 0 && namesIn(request).length === 0
        return properly(isEmptyList ? withNames(request, ['']) : request, context)
      }),
  },
]
