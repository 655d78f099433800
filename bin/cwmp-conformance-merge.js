#!/usr/bin/env node
import { start } from './start.js'

await start('cwmp-conformance-merge', 'harness/merge/cli.ts')
