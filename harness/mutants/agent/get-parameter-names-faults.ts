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
import { alterRpc, alterTree, withArgument } from './alter/rpc.ts'
import type { Mutant } from './mutant.ts'

const GPN = 'GetParameterNames'

const isParameterName = (path: string) => path !== '' && !path.endsWith('.')

export const mutants: readonly Mutant[] = [
  {
    name: 'gpn-next-level-of-a-parameter',
    cases: ['RPC-GPN-018'],
    breaks: 'lists a parameter as its own next level',
    apply: (parts) =>
      alterTree(parts, GPN, (tree) => ({
        names: (path, nextLevel) => tree.names(path, nextLevel && !isParameterName(path)),
      })),
  },
  {
    name: 'gpn-9005-for-the-next-level-of-a-parameter',
    cases: ['RPC-GPN-018'],
    breaks: 'answers 9005 to a parameter with NextLevel=true',
    apply: (parts) =>
      alterTree(parts, GPN, (tree) => ({
        names: (path, nextLevel) => {
          if (nextLevel && isParameterName(path)) throw new CwmpFault(9005)
          return tree.names(path, nextLevel)
        },
      })),
  },
  {
    name: 'gpn-unknown-is-empty',
    cases: ['RPC-GPN-019', 'RPC-GPN-020', 'RPC-GPN-021'],
    breaks: 'answers an unknown path with no entries',
    apply: (parts) => alterReading(parts, GPN, unknownIsEmpty),
  },
  {
    name: 'gpn-9003-for-unknown-names',
    cases: ['RPC-GPN-019', 'RPC-GPN-021'],
    breaks: 'answers 9003 to an unknown path',
    apply: (parts) => alterReading(parts, GPN, unknownIsInvalidArgument),
  },
  {
    name: 'gpn-9003-before-9005',
    cases: ['RPC-GPN-020', 'RPC-GPN-025'],
    breaks:
      'refuses a path without a dot for NextLevel=true before it looks whether there is such a parameter',
    apply: (parts) =>
      alterTree(parts, GPN, (tree) => ({
        names: (path, nextLevel) => {
          if (nextLevel && isParameterName(path)) throw new CwmpFault(9003)
          return tree.names(path, nextLevel)
        },
      })),
  },
  {
    name: 'gpn-unknown-object-is-empty',
    cases: ['RPC-GPN-021', 'RPC-GPN-022'],
    breaks: 'answers any unknown partial path with no entries',
    apply: (parts) => alterReading(parts, GPN, unknownObjectIsEmpty),
  },
  {
    name: 'gpn-unknown-row-is-empty',
    cases: ['RPC-GPN-022'],
    breaks: 'answers a row that is not there like a table without rows',
    apply: (parts) => alterReading(parts, GPN, unknownRowIsEmpty),
  },
  {
    name: 'gpn-next-level-of-an-unknown-object-is-empty',
    cases: ['RPC-GPN-021', 'RPC-GPN-022'],
    breaks: 'answers an unknown partial path with no entries when NextLevel is true',
    apply: (parts) =>
      alterTree(parts, GPN, (tree) => ({
        names: (path, nextLevel) => (nextLevel && !exists(tree, path) ? [] : tree.names(path, nextLevel)),
      })),
  },
  {
    name: 'gpn-takes-placeholders',
    cases: ['RPC-GPN-023'],
    breaks: 'takes {i} for all rows',
    apply: (parts) => alterReading(parts, GPN, takesPlaceholder),
  },
  {
    name: 'gpn-takes-wildcards',
    cases: ['RPC-GPN-024'],
    breaks: 'takes * for all names too, not for instances only',
    apply: (parts) => alterReading(parts, GPN, takesWildcard),
  },
  {
    name: 'gpn-adds-the-missing-dot',
    cases: ['RPC-GPN-025'],
    breaks: 'answers ManagementServer like ManagementServer.',
    apply: (parts) => alterReading(parts, GPN, addsMissingDot),
  },
  {
    name: 'gpn-ignores-the-dot-behind-a-parameter',
    cases: ['RPC-GPN-026'],
    breaks: 'answers Manufacturer. like Manufacturer',
    apply: (parts) => alterReading(parts, GPN, dropsDotBehindParameter),
  },
  {
    name: 'gpn-ignores-case',
    cases: ['RPC-GPN-027'],
    breaks: 'compares paths without regard to case',
    apply: (parts) => alterReading(parts, GPN, ignoresCase),
  },
  {
    name: 'gpn-ignores-case-of-the-last-segment',
    cases: ['RPC-GPN-027'],
    breaks: 'compares the last segment without regard to case',
    apply: (parts) => alterReading(parts, GPN, ignoresCaseOfLastSegment),
  },
  {
    name: 'gpn-fails-at-256-characters',
    cases: ['RPC-GPN-028', 'RPC-GPN-029'],
    breaks: 'answers 9002 to a path of 256 characters or more',
    apply: (parts) => alterReading(parts, GPN, fails256),
  },
  {
    name: 'gpn-refuses-256-characters',
    cases: ['RPC-GPN-028'],
    breaks: 'finds a path of 256 characters too long',
    apply: (parts) => alterReading(parts, GPN, refuses256),
  },
  {
    name: 'gpn-answers-long-paths',
    cases: ['RPC-GPN-029'],
    breaks: 'answers a path of more than 256 characters with no entries',
    apply: (parts) => alterReading(parts, GPN, longIsEmpty),
  },
  ...[
    { argument: 'NextLevel', assumed: '0', missing: 'false', cases: ['RPC-GPN-030'] },
    { argument: 'ParameterPath', assumed: '', missing: 'the empty path', cases: ['RPC-GPN-031'] },
  ].map(
    ({ argument, assumed, missing, cases }): Mutant => ({
      name: `gpn-does-without-${argument === 'NextLevel' ? 'next-level' : 'path'}`,
      cases,
      breaks: `takes a missing ${argument} for ${missing}`,
      apply: (parts) =>
        alterRpc(parts, GPN, (request, context, properly) => {
          const isThere = request.children.some(({ name }) => name === argument)
          return properly(isThere ? request : withArgument(request, argument, assumed), context)
        }),
    }),
  ),
  {
    name: 'gpn-takes-anything-for-false',
    cases: ['RPC-GPN-032'],
    breaks: 'takes a NextLevel that is no boolean for false',
    apply: (parts) =>
      alterRpc(parts, GPN, (request, context, properly) => {
        const form = request.children.find(({ name }) => name === 'NextLevel')?.text
        const isBoolean = form === undefined || /^(0|1|true|false)$/.test(form)
        return properly(isBoolean ? request : withArgument(request, 'NextLevel', '0'), context)
      }),
  },
  {
    name: 'gpn-takes-numbers-for-true',
    cases: ['RPC-GPN-032'],
    breaks: 'takes any number but 0 for true',
    apply: (parts) =>
      alterRpc(parts, GPN, (request, context, properly) => {
        const form = request.children.find(({ name }) => name === 'NextLevel')?.text ?? ''
        return properly(/^[2-9]$/.test(form) ? withArgument(request, 'NextLevel', '1') : request, context)
      }),
  },
]
