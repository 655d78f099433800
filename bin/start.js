import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { workplace } from './workplace.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * Runs a program of the suite, whose exit code becomes that of this process. A Node that is too old for it gives way to the one that
 * comes with the package.
 * @param {string} name of the command, for its messages
 * @param {string} program path in the package
 */
export async function start(name, program) {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const least = engines.node.replace('>=', '')
  if (isOlder(process.versions.node, least)) {
    startAgain(name, least)
    return
  }
  // How lines that repeat a case name the launcher, whichever program prints them.
  process.env.CWMP_COMMAND ??= 'cwmp-conformance'
  let file
  try {
    file = join(workplace(root), program)
  } catch (error) {
    console.error(`${name}: ${error.message}`)
    process.exitCode = 3
    return
  }
  await import(pathToFileURL(file).href)
}

/** The same command line with the Node of the package. */
function startAgain(name, least) {
  let node
  try {
    node = join(dirname(createRequire(join(root, 'package.json')).resolve('node/package.json')), 'bin/node')
  } catch {
    console.error(
      `${name}: needs Node ${least} or newer, this is ${process.versions.node}; npm install node@24 brings one`,
    )
    process.exitCode = 3
    return
  }
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  // What ends this one is meant for the run, which has a report to finish.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => {
    console.error(`${name}: the package "node" cannot be started: ${error.message}`)
    process.exitCode = 3
  })
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

/** Whether one version of Node is older than another, by major and minor. */
function isOlder(version, least) {
  const [major, minor] = version.split('.').map(Number)
  const [leastMajor, leastMinor] = least.split('.').map(Number)
  return major < leastMajor || (major === leastMajor && minor < leastMinor)
}
