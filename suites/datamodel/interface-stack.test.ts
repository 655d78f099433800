import type { TestContext } from 'vitest'
import type { AcsSession } from '../../harness/acs/acs.ts'
import { test } from '../../harness/conformance.ts'
import { conclude, judged } from './findings.ts'
import { type Survey, survey } from './survey.ts'

/** Which interface runs on top of which: Device.InterfaceStack is what LowerLayers say (TR-181). */

test('DM-STACK-001 names in InterfaceStack interfaces that exist', {
  meta: { id: 'DM-STACK-001' },
}, async ({ session, root, skip, task }) => {
  const { found, links } = await stack(session, root, { skip, task })

  const findings = judged('rows of InterfaceStack', links, ({ row, higher, lower }) => {
    const unknown = [higher, lower].filter((path) => !found.objects.has(`${path}.`))
    return unknown.length === 0
      ? undefined
      : `${row} names ${unknown.map((path) => `"${path}"`).join(' and ')}`
  })

  conclude(task, 'rows that name two interfaces', findings)
})

test('DM-STACK-002 has in InterfaceStack what the LowerLayers of its interfaces say, and nothing else', {
  meta: { id: 'DM-STACK-002' },
}, async ({ session, root, skip, task }) => {
  const { found, links } = await stack(session, root, { skip, task })
  const listed = links.map(({ higher, lower }) => `${higher} on ${lower}`)
  const said = found.parameters
    .filter(({ name }) => name.endsWith('.LowerLayers'))
    .flatMap(({ name, value }) =>
      itemsOf(value).map((lower) => `${name.replace(/\.LowerLayers$/, '')} on ${lower}`),
    )

  const findings = judged('links between interfaces', [...new Set([...said, ...listed])], (link) => {
    if (!listed.includes(link)) return `${link} is missing`
    return said.includes(link) ? undefined : `${link}, of which LowerLayers say nothing`
  })

  conclude(task, 'a row for each item of LowerLayers', findings)
})

interface Link {
  readonly row: string
  /** Paths without a dot at the end. */
  readonly higher: string
  readonly lower: string
}

/** The rows of InterfaceStack, and all that the device has; one without that table is N/A. */
async function stack(
  session: AcsSession,
  root: string,
  { skip, task }: Pick<TestContext, 'skip' | 'task'>,
): Promise<{ found: Survey; links: Link[] }> {
  const found = await survey(session, root)
  const table = `${root}InterfaceStack.`
  if (!found.objects.has(table)) {
    task.meta.notApplicable = `the device has no ${table}`
    return skip()
  }
  const values = new Map(found.parameters.map(({ name, value }) => [name, value]))
  const rows = [...found.objects.keys()].filter((path) => path.startsWith(table) && path !== table)
  const layer = (row: string, name: string) => withoutDot(values.get(row + name) ?? '')
  return {
    found,
    links: rows.map((row) => ({ row, higher: layer(row, 'HigherLayer'), lower: layer(row, 'LowerLayer') })),
  }
}

function itemsOf(list: string): string[] {
  return list
    .split(',')
    .map((item) => withoutDot(item.trim()))
    .filter((item) => item !== '')
}

/** References were written with a dot at the end once. */
function withoutDot(path: string): string {
  return path.replace(/\.$/, '')
}
