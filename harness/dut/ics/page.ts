import { icsNames as namesIn } from '../../requirements/ics-expression.ts'
import type { Requirement } from '../../requirements/requirements.ts'
import { icsGroups } from '../ics.ts'
import type { IcsItem, Sign } from './item.ts'

const head = `# The statement of a device: \`ics\`

Every item is answered with \`true\` or \`false\` in the profile (\`dut.json\`), because silence could mean either. \`false\` makes the cases that
need the item N/A; \`true\` makes them count. Claim what your data sheet claims, not what you hope: the suite \`ics\` asks the device itself what
it has, before any other suite, and a statement that says otherwise fails there.

\`npm run ics-draft -- --dut FILE\` (installed: \`cwmp-conformance-ics-draft --dut FILE\`) asks the device and answers what it can see.

- **mandatory**: TR-069 requires it of every CPE. A device that lacks it can be examined, but its run cannot be certified.
- **conditional**: required under the condition that is named; whether that holds, its maker knows.
- **optional** and **deprecated**: as the device has it.

"Needs" names the item without which this one cannot be claimed. "Seen by" is what the suite \`ics\` and the draft look at; paths are relative to the
root of the data model. "Switches" names the topics in which there are cases that are N/A without the item: \`npm test -- --list --grep TOPIC\`
prints them, with the expression over the items that decides.

This page is made from the table in \`harness/dut/ics\`; a test holds them together.
`

const columns = ['Item', 'Clause', 'Required', 'The agent …', 'Seen by', 'Switches']

/** The page of the docs with all items, and the topics of the cases that each of them switches. */
export function icsPage(requirements: Iterable<Requirement>): string {
  const topics = topicsByItem(requirements)
  const sections = icsGroups.map(({ title, items }) => {
    const rows = Object.entries(items).map(([name, item]) => row(name, item, topics.get(name) ?? new Set()))
    return `## ${title}\n\n${table([columns, ...rows])}\n`
  })
  return [head, ...sections].join('\n')
}

function row(name: string, item: IcsItem, topics: ReadonlySet<string>): string[] {
  const needs = item.requires?.map((required) => `\`${required}\``).join(', ')
  return [
    `\`${name}\``,
    /^\D/.test(item.clause) && !/^(A\.|Annex)/.test(item.clause) ? item.clause : `TR-069 ${item.clause}`,
    `${item.status}${item.condition ? `: ${item.condition}` : ''}${needs ? `; needs ${needs}` : ''}`,
    item.text,
    'unseen' in item.shown ? `– (${item.shown.unseen})` : item.shown.map(inWords).join('; '),
    [...topics]
      .sort()
      .map((topic) => `\`${topic}\``)
      .join(', ') || '–',
  ]
}

/** A table whose columns are as wide as their widest cell, as the formatter of this repository wants them. */
function table([names = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = names.map((name, at) =>
    Math.max(name.length, ...rows.map((cells) => cells[at]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [line(names), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function inWords(sign: Sign): string {
  if ('method' in sign) return `GetRPCMethods lists ${sign.method}`
  if ('flag' in sign) return `\`${sign.flag}\` is true`
  if ('list' in sign)
    return sign.entry === undefined ? `\`${sign.list}\` is not empty` : `\`${sign.list}\` lists ${sign.entry}`
  if (sign.gateway === undefined) return `\`${sign.path}\``
  return sign.gateway === null
    ? `\`${sign.path}\` (below \`Device.\` only)`
    : `\`${sign.path}\`, \`${sign.gateway}\` below \`InternetGatewayDevice.\``
}

/** Ids without their number, in the order of the records, for each item that a record names. */
function topicsByItem(requirements: Iterable<Requirement>): Map<string, Set<string>> {
  const topics = new Map<string, Set<string>>()
  for (const { id, ics, excluded, retired } of requirements) {
    if (ics === undefined || excluded !== undefined || retired !== undefined) continue
    for (const name of namesIn(ics)) {
      const known = topics.get(name) ?? new Set()
      topics.set(name, known.add(id.replace(/-\d{3}[A-Z]?$/, '')))
    }
  }
  return topics
}
