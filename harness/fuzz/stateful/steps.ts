import { isFault } from '../../cwmp/cwmp.ts'
import { describeFault } from '../../matchers.ts'
import type { Wrong } from '../campaign/field.ts'
import type { Command, CommandKind, CommandOf, Target } from './commands.ts'
import type { Parameter } from './grounds.ts'
import type { Player } from './player.ts'
import { wrong } from './verdict.ts'

type Steps = { readonly [K in CommandKind]: (player: Player, command: CommandOf<K>) => Promise<unknown> }

/** Carries out one command. @throws Misbehaviour when the device does not do what the model permits */
export function perform(player: Player, command: Command): Promise<unknown> {
  const step = steps[command.do] as (player: Player, command: Command) => Promise<unknown>
  return step(player, command)
}

const steps: Steps = {
  async get(player, { at }) {
    await player.session()
    const places = at.map((target) => player.model.places.at(target))
    const ParameterNames = places.map(({ name }) => name)
    await player.call('GetParameterValues', { ParameterNames }, (answer) =>
      player.model.values.judgeGet(places, answer),
    )
  },

  async getTable(player) {
    const path = player.model.grounds.table?.path ?? ''
    await player.call('GetParameterValues', { ParameterNames: [path] }, (answer) =>
      player.model.values.judgeTable(answer),
    )
  },

  async set(player, { to, key }) {
    await player.session()
    const { changes, places, values } = player.model
    const entries = to.map((setting) => places.entry(setting))
    const ParameterList = entries.map(({ struct }) => struct)
    await player.call('SetParameterValues', { ParameterList, ParameterKey: key }, (answer) => {
      if (!isFault(answer)) for (const { Name, Value } of ParameterList) changes.setByAcs(Name, Value)
      return values.judgeSet(entries, key, answer)
    })
  },

  async getAttributes(player, { at }) {
    await player.session()
    const places = at.map((target) => player.model.places.at(target))
    const ParameterNames = places.map(({ name }) => name)
    await player.call('GetParameterAttributes', { ParameterNames }, (answer) =>
      player.model.values.judgeGetAttributes(places, answer),
    )
  },

  async setAttributes(player, command) {
    await player.session()
    const { changes, places, values } = player.model
    const request = { ParameterList: places.attributes(command) }
    const targets = command.to.map(({ at }) => places.at(at))
    await player.call('SetParameterAttributes', request, (answer) => {
      for (const { Name } of request.ParameterList) changes.doubt(Name)
      return values.judgeSetAttributes(targets, request, answer)
    })
  },

  async add(player, { table, key }) {
    const { grounds, values } = player.model
    const isTable = table === 'writable'
    const ObjectName = isTable ? (grounds.table?.path ?? '') : `${grounds.root}NoSuchTable.`
    await player.call('AddObject', { ObjectName, ParameterKey: key }, (answer) =>
      values.judgeAdd(isTable, key, answer),
    )
  },

  async delete(player, { row, key }) {
    await player.session()
    const { grounds, places, values } = player.model
    const number = places.row(row)
    const ObjectName = `${grounds.table?.path}${number}.`
    await player.call('DeleteObject', { ObjectName, ParameterKey: key }, (answer) =>
      values.judgeDelete(number, key, answer),
    )
  },

  async reboot(player, { key }) {
    const answer = await player.call('Reboot', { CommandKey: key }, (answer) => {
      // A second one in the same session may be refused.
      return player.model.hasPlans ? undefined : granted('RebootResponse', answer, 'TR-069 A.3.2.9')
    })
    if (!isFault(answer)) player.model.asksReboot(key)
  },

  async factoryReset(player) {
    const answer = await player.call('FactoryReset', {}, (answer) =>
      player.model.hasPlans ? undefined : granted('FactoryResetResponse', answer, 'TR-069 A.4.1.6'),
    )
    if (!isFault(answer)) player.model.asksReset()
  },

  async scheduleInform(player, { delay, key }) {
    await player.session()
    const { model, line } = player
    const askedMs = line.now()
    await player.call('ScheduleInform', { DelaySeconds: delay, CommandKey: key }, (answer) => {
      if (delay === 0) {
        if (isFault(answer) && answer.faultCode === 9003) return undefined
        return wrong(
          'answer',
          'fault 9003',
          isFault(answer) ? describeFault(answer) : 'a response',
          'TR-069 A.4.1.2',
        )
      }
      const found = granted('ScheduleInformResponse', answer, 'TR-069 A.4.1.2')
      if (!found) {
        const notBeforeMs = model.dueMs(askedMs, delay)
        const event = { code: 'M ScheduleInform', key, notBeforeMs }
        model.events.add({ ...event, isTimed: true, isOfThisSession: true })
      }
      return found
    })
  },

  async download(player, { delay, key: wanted, file }) {
    await player.session()
    const { model, line } = player
    const key = model.transfers.freshKey(wanted)
    const dueMs = model.dueMs(line.now(), delay)
    const request = {
      CommandKey: key,
      FileType: model.grounds.file ?? '',
      URL: line.fileUrl(file),
      Username: '',
      Password: '',
      FileSize: 0,
      TargetFileName: '',
      DelaySeconds: delay,
      SuccessURL: '',
      FailureURL: '',
    }
    const result = file === 'good' ? 'success' : 'failure'
    await player.call('Download', request, (answer) =>
      model.transfers.judgeAccepted('Download', key, result, dueMs, delay > 0, answer),
    )
  },

  async upload(player, { delay, key: wanted }) {
    await player.session()
    const { model, line } = player
    const key = model.transfers.freshKey(wanted)
    const dueMs = model.dueMs(line.now(), delay)
    const request = {
      CommandKey: key,
      FileType: model.grounds.upload ?? '',
      URL: line.fileUrl('upload'),
      Username: '',
      Password: '',
      DelaySeconds: delay,
    }
    await player.call('Upload', request, (answer) =>
      model.transfers.judgeAccepted('Upload', key, 'success', dueMs, delay > 0, answer),
    )
  },

  async cancel(player, { key }) {
    await player.session()
    await player.call('CancelTransfer', { CommandKey: key }, (answer) =>
      player.model.transfers.judgeCancelled(key, player.line.now(), answer),
    )
  },

  async queued(player) {
    await player.session()
    await player.call('GetAllQueuedTransfers', {}, (answer) =>
      player.model.transfers.judgeQueued(player.line.now(), answer),
    )
  },

  async move(player, { place }) {
    if (player.model.hasPlans) await player.end('properly')
    await player.session()
    const { urls } = player.line
    const here = urls.indexOf(player.model.url.all?.[0] ?? '')
    const at = place % urls.length
    await moveTo(player, urls[at === here ? (at + 1) % urls.length : at] as string)
  },

  async end(player, { how }) {
    if (how !== 'properly') await player.session()
    await player.end(how)
  },

  spoil: (player, { how }) => player.spoil(how),

  async repeatRequest(player) {
    player.repeatsRequest = true
  },

  async setLocally(player, { at }) {
    await player.up()
    const { model, line } = player
    const { name, values } = localTarget(player, at)
    const [a, b] = values
    const value = model.values.mayRead(name, a) ? b : a
    player.note(`user → sets ${name}=${value}`)
    const isRacing = !player.isInSession && model.mayCall
    await line.setLocally(name, value, player.signal)
    model.changes.changedLocally(name, value, isRacing)
    model.values.changedLocally(name, value)
  },

  async powerCycle(player) {
    if (player.model.hasPlans) await player.end('properly')
    player.note('user → cuts the power')
    await player.line.powerCycle(player.signal)
    player.model.powerCut(player.line.now(), player.lost())
  },

  async resetLocally(player) {
    await player.up()
    await player.end('properly')
    player.note('user → resets the device')
    await player.line.factoryReset(player.signal)
    player.model.resetLocally()
  },

  call: (player, { way }) => player.askBy(way),

  async wait(player) {
    await player.end('properly')
    while (player.model.mustCall || player.model.soon(player.line.now()).length > 0) {
      await player.awaitedSession()
      await player.end('properly')
    }
  },
}

/** Gives the device another URL. */
export async function moveTo(player: Player, url: string): Promise<void> {
  const ParameterList = [
    { Name: `${player.model.grounds.root}ManagementServer.URL`, Value: url, type: 'xsd:string' },
  ]
  await player.call('SetParameterValues', { ParameterList, ParameterKey: 'url' }, (answer) =>
    player.model.values.judgeSet([], 'url', answer),
  )
  player.model.asksUrl(url)
}

/** A parameter that a user can change. */
function localTarget(player: Player, at: Target): Parameter {
  const local = player.model.grounds.parameters.filter(({ isLocal }) => isLocal)
  const index = Number(/\d+$/.exec(at)?.[0] ?? 0)
  return local[index % local.length] as Parameter
}

function granted(response: string, answer: object, clause: string): Wrong | undefined {
  if (!isFault(answer as never)) return undefined
  return wrong('answer', response, describeFault(answer as never), clause)
}
