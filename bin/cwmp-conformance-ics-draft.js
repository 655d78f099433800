#!/usr/bin/env node
import { start } from './start.js'

await start('cwmp-conformance-ics-draft', 'harness/statement/cli.ts')
