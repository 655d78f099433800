import { writeFileSync } from 'node:fs'
import { renderCatalogue } from './catalogue.ts'
import { loadRequirements } from './requirements.ts'
import { loadTopics } from './topics.ts'

// `npm run catalogue`: the catalogue in the documentation is written anew.
const file = new URL('../../docs/catalogue.md', import.meta.url)
writeFileSync(file, renderCatalogue(loadRequirements().values(), loadTopics()))
