import { join } from 'node:path'

/**
 * Processes that a run starts, workers and agents, keep what Node has made of their modules: it is more than half of the work of
 * an agent's start. A folder that cannot be written is passed over by Node, and a variable that the user has set stays.
 */
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../node_modules/.cache/cwmp-conformance')
