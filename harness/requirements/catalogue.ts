import type { Requirement } from './requirements.ts'
import { type Topic, topicOf } from './topics.ts'

/**
 * Every requirement as Markdown, topic by topic: what a failure means, what usually causes it, and for each id the level,
 * the clause, the requirement and the condition.
 */
export function renderCatalogue(requirements: Iterable<Requirement>, topics: readonly Topic[]): string {
  const records = [...requirements]
  const excluded = records.filter((record) => record.excluded !== undefined)
  const retired = records.filter((record) => record.retired !== undefined)
  const examined = records.filter((record) => record.excluded === undefined && record.retired === undefined)
  const groups = Map.groupBy(examined, ({ id }) => topicOf(id, topics))
  const present = topics.filter((topic) => groups.has(topic))
  const count = (level: string) => examined.filter((record) => record.level === level).length
  return [
    '<!-- Made by `npm run catalogue` from harness/requirements; do not edit. -->',
    '',
    '# Catalogue of cases',
    '',
    `${examined.length} cases: ${count('MUST')} MUST, ${count('SHOULD')} SHOULD, ${count('MAY')} MAY. ` +
      `${excluded.length} requirements are excluded because the wire cannot show them${retired.length > 0 ? `, ${retired.length} are retired` : ''}.`,
    '',
    'A case runs where its condition, an expression over the `ics` of the profile, is true; else it is N/A. What a case _needs_ is an ability of the ' +
      'adapter without which it is UNTESTABLE. `npm test -- --grep ID` runs one. What usually causes a failure is what we have seen or would look ' +
      'for first; the failure block of the report says what happened.',
    '',
    '## Topics',
    '',
    ...present.map((topic) => `- [${topic.topic}](#${anchorOf(topic.topic)}) (${groups.get(topic)?.length})`),
    '',
    ...present.flatMap((topic) => section(topic, groups.get(topic) ?? [])),
    '## Excluded',
    '',
    '| Id | Level | Clause | Requirement | Why the wire cannot show it |',
    '| --- | --- | --- | --- | --- |',
    ...excluded.map(
      ({ id, level, clause, text, excluded: why }) =>
        `| ${id} | ${level} | ${cell(clause)} | ${cell(text)} | ${cell(why ?? '')} |`,
    ),
    '',
  ].join('\n')
}

function section({ topic, means, causes }: Topic, records: readonly Requirement[]): string[] {
  return [
    `## ${topic}`,
    '',
    `**A failure means:** ${means}`,
    '',
    '**Usual causes:**',
    '',
    ...causes.map((cause) => `- ${cause}`),
    '',
    '| Id | Level | Clause | Requirement | Condition |',
    '| --- | --- | --- | --- | --- |',
    ...records.map(
      ({ id, level, clause, text, ics, needs }) =>
        `| ${id} | ${level} | ${cell(clause)} | ${cell(text)} | ${condition(ics, needs)} |`,
    ),
    '',
  ]
}

function condition(ics: string | undefined, needs: readonly string[] | undefined): string {
  return [
    ...(ics === undefined ? [] : [`\`${ics.replaceAll('|', '\\|')}\``]),
    ...(needs === undefined ? [] : [`needs ${needs.join(', ')}`]),
  ].join('; ')
}

/** Text inside a table: a bar would end the cell, and an angle bracket would be markup. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*').replaceAll('_', '\\_')
}

/** What a heading can be linked by. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}
