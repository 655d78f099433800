import type { CommandKind, Script } from './commands.ts'
import type { Grounds } from './grounds.ts'

/** What every device lives through sooner or later, part by part; what is random begins where these end. */
const scenarios: readonly Script[] = [
  // Values: refused whole, kept over a reboot.
  [
    {
      do: 'set',
      to: [
        { at: 'p0', to: 'b' },
        { at: 'p1', to: 'b' },
      ],
      key: 'a',
    },
    {
      do: 'set',
      to: [
        { at: 'p0', to: 'a' },
        { at: 'noSuch', to: 'a' },
      ],
      key: 'b',
    },
    {
      do: 'set',
      to: [
        { at: 'p1', to: 'a' },
        { at: 'p1', to: 'b' },
      ],
      key: 'b',
    },
    {
      do: 'set',
      to: [
        { at: 'p1', to: 'bad' },
        { at: 'p2', to: 'wrongType' },
        { at: 'readOnly', to: 'a' },
      ],
      key: 'b',
    },
    { do: 'get', at: ['p0', 'p1', 'p2'] },
    { do: 'end', how: 'properly' },
    { do: 'powerCycle' },
    { do: 'get', at: ['p0', 'p1'] },
  ],
  // Rows: numbers, and what becomes of them.
  [
    { do: 'add', table: 'writable', key: 'a' },
    { do: 'add', table: 'writable', key: 'b' },
    {
      do: 'set',
      to: [
        { at: 'row0', to: 'b' },
        { at: 'row1', to: 'a' },
      ],
      key: '',
    },
    { do: 'delete', row: 1, key: 'c' },
    { do: 'delete', row: 'noSuch', key: 'd' },
    { do: 'add', table: 'writable', key: 'a' },
    { do: 'reboot', key: 'rows' },
    { do: 'end', how: 'properly' },
    { do: 'getTable' },
    { do: 'delete', row: 0, key: '' },
    { do: 'getTable' },
  ],
  // Notification: passive and active, in a session and outside, told once, kept over a reboot.
  [
    {
      do: 'setAttributes',
      to: [
        { at: 'p0', notification: 1, access: null },
        { at: 'p1', notification: 2, access: [] },
      ],
    },
    { do: 'setLocally', at: 'p0' },
    { do: 'end', how: 'properly' },
    { do: 'end', how: '500' },
    { do: 'setLocally', at: 'p1' },
    { do: 'wait' },
    {
      do: 'set',
      to: [
        { at: 'p0', to: 'a' },
        { at: 'p1', to: 'a' },
      ],
      key: 'a',
    },
    { do: 'reboot', key: '' },
    { do: 'end', how: 'properly' },
    { do: 'getAttributes', at: ['p0', 'p1'] },
    { do: 'end', how: 'properly' },
    { do: 'setLocally', at: 'p1' },
    { do: 'spoil', how: '500' },
    { do: 'wait' },
  ],
  // Sessions that fail, each in its way.
  [
    { do: 'call', way: 'http' },
    { do: 'spoil', how: '500' },
    { do: 'spoil', how: 'cut' },
    { do: 'spoil', how: '8002' },
    { do: 'wait' },
    { do: 'call', way: 'http' },
    { do: 'spoil', how: '8005' },
    { do: 'end', how: '500' },
    { do: 'end', how: 'cut' },
    { do: 'wait' },
  ],
  // Reboots that nobody hears of at once.
  [
    { do: 'reboot', key: 'a' },
    { do: 'reboot', key: 'b' },
    { do: 'end', how: 'properly' },
    { do: 'spoil', how: '500' },
    { do: 'powerCycle' },
    { do: 'spoil', how: 'cut' },
    { do: 'end', how: 'properly' },
    { do: 'call', way: 'http' },
  ],
  // What is scheduled, several at a time and over a reboot, too: far enough off that both wait when it comes.
  [
    { do: 'scheduleInform', delay: 0, key: 'a' },
    { do: 'scheduleInform', delay: 20, key: 'a' },
    { do: 'scheduleInform', delay: 30, key: 'b' },
    { do: 'reboot', key: 'c' },
    { do: 'end', how: 'properly' },
    { do: 'wait' },
    { do: 'scheduleInform', delay: 1, key: 'a' },
    { do: 'end', how: 'properly' },
    { do: 'powerCycle' },
    { do: 'wait' },
  ],
  // Transfers: good, bad, cancelled, asked for again.
  [
    { do: 'download', delay: 0, key: 'a', file: 'good' },
    { do: 'upload', delay: 1, key: 'b' },
    { do: 'repeatRequest' },
    { do: 'wait' },
    { do: 'download', delay: 1, key: 'c', file: 'missing' },
    { do: 'download', delay: 86_400, key: 'd', file: 'good' },
    { do: 'upload', delay: 86_400, key: 'e' },
    { do: 'queued' },
    { do: 'cancel', key: 'd' },
    { do: 'queued' },
    { do: 'end', how: 'cut' },
    { do: 'wait' },
  ],
  // Another ACS, and what is forgotten for it.
  [
    { do: 'reboot', key: 'a' },
    { do: 'end', how: 'properly' },
    { do: 'spoil', how: '500' },
    { do: 'move', place: 1 },
    { do: 'end', how: 'properly' },
    { do: 'spoil', how: '500' },
    { do: 'move', place: 2 },
    { do: 'reboot', key: 'b' },
    { do: 'end', how: 'properly' },
    { do: 'set', to: [{ at: 'p2', to: 'b' }], key: 'moved' },
  ],
  // Reset.
  [
    { do: 'set', to: [{ at: 'p0', to: 'b' }], key: 'lost' },
    { do: 'add', table: 'writable', key: 'lost' },
    { do: 'setAttributes', to: [{ at: 'p0', notification: 2, access: null }] },
    { do: 'factoryReset' },
    { do: 'end', how: 'properly' },
    { do: 'spoil', how: '500' },
    { do: 'wait' },
    {
      do: 'set',
      to: [
        { at: 'p0', to: 'b' },
        { at: 'p1', to: 'b' },
        { at: 'p2', to: 'b' },
      ],
      key: 'lost',
    },
    { do: 'setAttributes', to: [{ at: 'p1', notification: 1, access: null }] },
    { do: 'factoryReset' },
    { do: 'end', how: 'properly' },
  ],
  // Connection requests at any time.
  [
    { do: 'call', way: 'http' },
    { do: 'call', way: 'http' },
    { do: 'get', at: ['p0'] },
    { do: 'call', way: 'http' },
    { do: 'end', how: 'properly' },
    { do: 'call', way: 'udp' },
    { do: 'call', way: 'xmpp' },
    { do: 'wait' },
    { do: 'powerCycle' },
    { do: 'call', way: 'xmpp' },
    { do: 'wait' },
  ],
]

/** The scenarios of these kinds, without what this device cannot be given. */
export function* scenariosFor(grounds: Grounds, kinds: ReadonlySet<CommandKind>): Generator<Script> {
  for (const scenario of scenarios) {
    const script = scenario.filter(
      (command) =>
        kinds.has(command.do) &&
        grounds.kinds.has(command.do) &&
        (command.do !== 'call' || grounds.ways.includes(command.way)) &&
        (grounds.hasAccessList ||
          command.do !== 'setAttributes' ||
          command.to.every(({ access }) => !access)),
    )
    // What is left of one that is about something else says nothing.
    if (script.length * 4 > scenario.length * 3) yield script
  }
}
