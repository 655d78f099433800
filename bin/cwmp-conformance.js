#!/usr/bin/env node
import { start } from './start.js'

await start('cwmp-conformance', 'harness/cli.ts')
