import { setFlagsFromString } from 'node:v8'
import { runCli } from './main.ts'

// The agent stands for a router, and a router has little memory: the heap is collected when a third more than what lives has been taken, and
// what is young has a mebibyte or two. Left to itself, V8 lets garbage grow to four times what lives before it looks.
setFlagsFromString('--heap-growing-percent=30')
setFlagsFromString('--semi-space-growth-factor=1')

process.exitCode = await runCli(process.argv.slice(2))
