#!/usr/bin/env node
import { start } from './start.js'

await start('cwmp-conformance-verify-bundle', 'harness/certify/cli.ts')
