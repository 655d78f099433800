/** Commands with which somebody at the device reads and changes its data model, as `agent --cli` gives them. */
import type { ParameterTree } from '../datamodel/datamodel.ts'
import { CwmpFault, meaningOf } from '../soap/soap.ts'

/** What a command prints, and whether that is a complaint. */
export interface DebugOutput {
  readonly lines: readonly string[]
  readonly failed: boolean
}

const HELP = [
  'Valid commands:',
  ['help', 'show this help'],
  ['get [path-expr]', 'get parameter values'],
  ['get_names [path-expr] [next-level]', 'get parameter names'],
  ['set [path-expr] [value]', 'set parameter value'],
  ['add [object]', 'add object'],
  ['del [object]', 'delete object'],
  ['get_notif [path-expr]', 'get parameter notifications'],
  ['set_notif [path-expr] [notification]', 'set parameter notifications'],
].map((line) => (typeof line === 'string' ? line : `\t${line[0]?.padEnd(40)}=> ${line[1]}`))

const NOTIFICATIONS = [
  'off',
  'passive',
  'active',
  'passive_lw',
  'passive_passive_lw',
  'active_lw',
  'passive_active_lw',
]

const PARAMETER_KEY = 'Device.ManagementServer.ParameterKey'

type Command = (tree: ParameterTree, words: readonly string[]) => string[]

const COMMANDS: Readonly<Record<string, Command>> = {
  help: () => HELP,
  get: (tree, [path = '']) => valuesOf(tree, path),
  get_names: (tree, [path = '', nextLevel = '0']) => {
    if (!/^(0|1|true|false)$/.test(nextLevel)) throw new CwmpFault(9003)
    const names = tree.names(path, nextLevel === '1' || nextLevel === 'true')
    return names.map(({ name, writable }) => `${name} => ${writable ? 'writable' : 'not-writable'}`)
  },
  set: (tree, [path, value, key]) => {
    if (path === undefined || value === undefined) throw new CwmpFault(9003)
    if (!tree.get(path)) throw new CwmpFault(9005)
    if (!tree.names(path, false)[0]?.writable) throw new CwmpFault(9008)
    tree.setLocally(path, value)
    keepKey(tree, key)
    return ['Set value is successfully done', ...valuesOf(tree, path)]
  },
  add: (tree, [object, key]) => {
    if (object === undefined) throw new CwmpFault(9003)
    const instanceNumber = tree.addObjectLocally(object)
    keepKey(tree, key)
    return [`Added ${object}${instanceNumber}.`]
  },
  del: (tree, [object, key]) => {
    if (object === undefined) throw new CwmpFault(9003)
    tree.deleteObjectLocally(object)
    keepKey(tree, key)
    return [`Deleted ${object}`]
  },
  get_notif: (tree, [path = '']) => notificationsOf(tree, path),
  set_notif: (tree, [path, notification]) => {
    if (path === undefined || !/^[0-6]$/.test(notification ?? '')) throw new CwmpFault(9003)
    tree.setAttributes([{ path, notification: Number(notification) }])
    return notificationsOf(tree, path)
  },
}

/** Carries out a command: its first word names it. Never throws. */
export function runDebugCommand(tree: ParameterTree, [name, ...words]: readonly string[]): DebugOutput {
  if (name === undefined) return { lines: ['You must add a command as input:', ...HELP], failed: true }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) return { lines: [`Wrong cwmp cli command: ${name}`, ...HELP], failed: true }
  try {
    return { lines: command(tree, words), failed: false }
  } catch (error) {
    return { lines: [faultLine(error)], failed: true }
  }
}

function faultLine(error: unknown): string {
  const faultCode = error instanceof CwmpFault ? error.faultCode : 9002
  return `Fault ${faultCode}: ${meaningOf(faultCode)}`
}

function valuesOf(tree: ParameterTree, path: string): string[] {
  return tree.getParameters(path).map((parameter) => `${parameter.path} => ${parameter.value}`)
}

function notificationsOf(tree: ParameterTree, path: string): string[] {
  return tree
    .getAttributes(path)
    .map((each) => `${each.path} => ${NOTIFICATIONS[each.notification] ?? each.notification}`)
}

function keepKey(tree: ParameterTree, key: string | undefined): void {
  if (key !== undefined) tree.setLocally(PARAMETER_KEY, key, { report: false })
}
