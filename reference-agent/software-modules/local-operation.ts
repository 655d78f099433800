import type { CommandMembers } from '../control/control.ts'
import type { DuOperation } from './operation.ts'

/** The operation that a command of the control socket asks for. Throws an Error that says what is wrong. */
export function localOperation(members: CommandMembers): DuOperation {
  const operation = members.text('operation').toLowerCase()
  const uuid = members.optional('uuid')
  const version = members.optional('version')
  const executionEnvRef = members.optional('executionEnvRef')
  const credentials = {
    username: members.optional('username') ?? '',
    password: members.optional('password') ?? '',
  }
  switch (operation) {
    case 'install':
      return { type: 'Install', url: members.text('url'), uuid, executionEnvRef, ...credentials }
    case 'update':
      return { type: 'Update', url: members.optional('url'), uuid, version, ...credentials }
    case 'uninstall':
      return { type: 'Uninstall', uuid: members.text('uuid'), version, executionEnvRef }
    default:
      throw new Error('operation is none of install, update, uninstall')
  }
}
