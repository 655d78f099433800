import type { AgentParts } from '../../../reference-agent/agent.ts'
import { PeriodicInform, type PeriodicInformSettings } from '../../../reference-agent/session/session.ts'
import { alterCpe } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

function withSettings(
  parts: AgentParts,
  alter: (settings: PeriodicInformSettings) => PeriodicInformSettings,
): void {
  parts.createPeriodicInform = (clock, settings, due) =>
    new PeriodicInform(clock, () => alter(settings()), due)
}

/** Takes up changed settings only when one of these names changes. */
function reactsTo(parts: AgentParts, reacts: (name: string) => boolean): void {
  alterCpe(
    parts,
    (Base) =>
      class extends Base {
        protected override managementServerChanged(name: string): void {
          if (!name.startsWith('PeriodicInform') || reacts(name)) super.managementServerChanged(name)
        }
      },
  )
}

/** Loses its next periodic session, and so all, when its clock is set by an interval that matches. */
function stopsWhenClockIsSet(parts: AgentParts, matches: (byMs: number) => boolean): void {
  alterCpe(
    parts,
    (Base) =>
      class extends Base {
        override setClock(milliseconds: number): void {
          const isLost = matches(milliseconds - this.surroundings.clock.now())
          super.setClock(milliseconds)
          if (isLost) this.periodic.stop()
        }
      },
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'periodic-twice-as-slow',
    cases: ['PER-INTERVAL-001'],
    breaks: 'opens periodic sessions at twice the interval',
    apply: (parts) => withSettings(parts, (settings) => ({ ...settings, interval: settings.interval * 2 })),
  },
  {
    name: 'periodic-minimum-of-a-minute',
    cases: ['PER-INTERVAL-001', 'PER-CHANGE-001', 'PER-ENABLE-001', 'INT-PER-001'],
    breaks: 'takes no interval below a minute',
    apply: (parts) =>
      withSettings(parts, (settings) => ({ ...settings, interval: Math.max(60, settings.interval) })),
  },
  {
    name: 'periodic-change-after-the-present-interval',
    cases: ['PER-CHANGE-001'],
    breaks: 'takes up a changed interval when the present one is over',
    apply: (parts) => reactsTo(parts, (name) => name !== 'PeriodicInformInterval'),
  },
  {
    name: 'periodic-cannot-be-disabled',
    cases: ['PER-DISABLE-001'],
    breaks: 'goes on although PeriodicInformEnable is false',
    apply: (parts) => withSettings(parts, (settings) => ({ ...settings, enable: true })),
  },
  {
    name: 'periodic-enabled-at-boot-only',
    cases: ['PER-ENABLE-001'],
    breaks: 'looks at PeriodicInformEnable when it boots only',
    apply: (parts) => reactsTo(parts, (name) => name !== 'PeriodicInformEnable'),
  },
  {
    name: 'periodic-without-phase',
    cases: ['PER-TIME-001'],
    breaks: 'counts intervals from when they were set, half an interval beside PeriodicInformTime',
    apply: (parts) =>
      withSettings(parts, (settings) => ({
        ...settings,
        time: settings.time === undefined ? undefined : settings.time + settings.interval * 500,
      })),
  },
  {
    name: 'periodic-phase-of-the-future-only',
    cases: ['PER-TIME-002'],
    breaks: 'ignores a PeriodicInformTime that has passed',
    apply: (parts) =>
      withSettings(parts, (settings) =>
        settings.time !== undefined && settings.time < Date.now()
          ? { ...settings, time: settings.time + settings.interval * 500 }
          : settings,
      ),
  },
  {
    name: 'periodic-lost-when-clock-is-set-ahead',
    cases: ['PER-CLOCK-001'],
    breaks: 'opens no periodic sessions any more once its clock was set ahead',
    apply: (parts) => stopsWhenClockIsSet(parts, (by) => by > 0),
  },
  {
    name: 'periodic-waits-for-old-time',
    cases: ['PER-CLOCK-002'],
    breaks: 'waits for the time of its next periodic session to come again when its clock was set back',
    apply: (parts) => stopsWhenClockIsSet(parts, (by) => by < 0),
  },
]
