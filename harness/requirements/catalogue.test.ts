import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { renderCatalogue } from './catalogue.ts'
import { loadRequirements, type Requirement } from './requirements.ts'
import { loadTopics, type Topic, topicOf } from './topics.ts'

const requirements = [...loadRequirements().values()]
const topics = loadTopics()

describe('the topics', () => {
  test('each requirement belongs to one, so that a failure of it can be explained', () => {
    expect(requirements.filter(({ id }) => topicOf(id, topics) === undefined).map(({ id }) => id)).toEqual([])
  })

  test('each beginning of an id is that of a requirement', () => {
    const idle = topics
      .flatMap(({ ids }) => ids)
      .filter((beginning) => !requirements.some(({ id }) => id.startsWith(`${beginning}-`)))

    expect(idle).toEqual([])
  })

  test('the longest beginning counts', () => {
    const topic = (ids: string[]): Topic => ({ ids, topic: ids.join(), means: '', causes: [] })
    const [wide, narrow] = [topic(['XMPP']), topic(['XMPP-CR', 'TLS'])]

    expect(topicOf('XMPP-CR-001', [wide, narrow])).toBe(narrow)
    expect(topicOf('XMPP-CRED-001', [wide, narrow])).toBe(wide)
    expect(topicOf('TLSX-001', [wide, narrow])).toBeUndefined()
  })
})

describe('the catalogue', () => {
  test('in docs is that of the records: npm run catalogue writes it', () => {
    const written = readFileSync(new URL('../../docs/catalogue.md', import.meta.url), 'utf8')

    expect(written === renderCatalogue(requirements, topics)).toBe(true)
  })

  test('says of each case its level, clause, text and condition, and of an excluded one why', () => {
    const record: Requirement = {
      id: 'RPC-A-001',
      clause: 'TR-069 A.1 | A.2',
      level: 'MUST',
      text: 'Values <a> and *b* are kept.',
      ics: 'Upload || Download',
      needs: ['powerCycle'],
    }
    const topic: Topic = {
      ids: ['RPC-A'],
      topic: 'Kept: values',
      means: 'They are lost.',
      causes: ['A bug.'],
    }
    const unseen: Requirement = { ...record, id: 'RPC-A-002', excluded: 'Inside of the device.' }

    const text = renderCatalogue([record, unseen], [topic])

    expect(text).toContain('1 cases: 1 MUST, 0 SHOULD, 0 MAY. 1 requirements are excluded')
    expect(text).toContain('- [Kept: values](#kept-values) (1)')
    expect(text).toContain('**A failure means:** They are lost.')
    expect(text).toContain(
      '| RPC-A-001 | MUST | TR-069 A.1 \\| A.2 | Values &lt;a> and \\*b\\* are kept. | `Upload \\|\\| Download`; needs powerCycle |',
    )
    expect(text).toMatch(/\| RPC-A-002 .* \| Inside of the device\. \|/)
  })
})
