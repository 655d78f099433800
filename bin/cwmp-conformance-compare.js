#!/usr/bin/env node
import { start } from './start.js'

await start('cwmp-conformance-compare', 'harness/compare/cli.ts')
