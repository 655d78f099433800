import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shellWord } from './shell-template.ts'

const agent = fileURLToPath(new URL('../../reference-agent/cli.ts', import.meta.url))

/**
 * Makes of the reference agent a box that knows a shell only, for the adapters that drive one: a folder with the program `box`, as a
 * firmware would have `uci` and init scripts. Its words are on, off, crash, reset, alive, set PATH VALUE, log and acs URL USER PASSWORD
 * CR-USER CR-PASSWORD INTERVAL.
 * @returns the path of that program
 */
export function makeBox(folder: string): string {
  mkdirSync(folder, { recursive: true })
  const box = join(folder, 'box')
  writeFileSync(box, boxScript(folder))
  chmodSync(box, 0o755)
  return box
}

function boxScript(folder: string): string {
  const node = [process.execPath, agent].map(shellWord).join(' ')
  return `#!/bin/sh
cd ${shellWord(folder)} || exit 1
off() {
  [ -s pid ] || return 0
  kill -s "$1" -- "-$(cat pid)" 2>/dev/null
  while kill -s 0 -- "-$(cat pid)" 2>/dev/null; do sleep 0.05; done
  rm -f pid
}
on() {
  set -- --acs-url "$(cat conf/url)" --state-dir state --log-file log \\
    --acs-username "$(cat conf/user)" --connection-request-username "$(cat conf/cr-user)"
  if [ -s conf/interval ]; then set -- "$@" --periodic-inform-interval "$(cat conf/interval)"; fi
  CWMP_ACS_PASSWORD=$(cat conf/password) CWMP_CONNECTION_REQUEST_PASSWORD=$(cat conf/cr-password) \\
    setsid ${node} "$@" >/dev/null 2>&1 </dev/null &
  echo $! >pid
}
case $1 in
  acs)
    mkdir -p conf
    printf '%s' "$2" >conf/url
    printf '%s' "$3" >conf/user
    printf '%s' "$4" >conf/password
    printf '%s' "$5" >conf/cr-user
    printf '%s' "$6" >conf/cr-password
    printf '%s' "$7" >conf/interval
    ;;
  on) on ;;
  off) off TERM ;;
  crash) off KILL ;;
  reset)
    off TERM
    rm -rf state conf
    ;;
  alive) [ -s pid ] && kill -s 0 -- "-$(cat pid)" 2>/dev/null ;;
  set) ${node} --state-dir state --cli set "$2" "$3" ;;
  log) cat log ;;
esac
`
}

/** Commands for the shell of that box, as a profile has them. */
export function boxCommands(box: string): Record<string, string | string[]> {
  const word = shellWord(box)
  return {
    provision: [
      `${word} off`,
      `${word} acs {acsUrl} {username} {password} {connectionRequestUsername} {connectionRequestPassword} {periodicInformInterval}`,
      `${word} on`,
    ],
    alive: `${word} alive`,
    powerCycle: `${word} crash; ${word} on`,
    factoryReset: `${word} reset`,
    setLocally: `${word} set {path} {value}`,
    readLogs: `${word} log`,
    stop: `${word} off`,
  }
}
