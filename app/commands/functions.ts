// Every function of the page, and the path to each one by mouse or keyboard. The paths use the same
// controls. A story in a real browser follows these paths.

import type { Commands } from './commands'
import type { Shortcut } from './keys'

/** A control by its role and the beginning of its accessible name. */
export interface Control {
  role:
    | 'button'
    | 'menuitem'
    | 'menuitemradio'
    | 'menuitemcheckbox'
    | 'combobox'
    | 'textbox'
    | 'slider'
    | 'checkbox'
    | 'option'
    | 'group'
    | 'row'
  name: string
}

/** The runs on which the story tests the functions. */
export type Place = keyof typeof places

/** The part of the address behind #, and the open panel. */
export const places = {
  opening: { hash: '', panel: null },
  cluster: { hash: 'scenario/leader-crash', panel: null },
  programs: { hash: 'scenario/lab-late-write-fence-off', panel: null },
  log: { hash: '', panel: 'Log' },
  keys: { hash: '', panel: 'Keys' },
  console: { hash: '', panel: 'Console' },
  program: { hash: 'scenario/lab-late-write-fence-off', panel: 'Program' },
  storage: { hash: 'scenario/lab-late-write-fence-off', panel: 'Storage' },
} as const

export interface ReaderFunction {
  /** The reader's task. */
  name: string
  at: Place
  /** The controls from the page to the function; each one opens the next. */
  path: readonly Control[]
  /** The function in commands.ts; absent if the panel does the work itself. */
  command?: keyof Commands
  /** The key for it, from anywhere on the page. */
  shortcut?: Shortcut
}

const button = (name: string): Control => ({ role: 'button', name })
const item = (name: string): Control => ({ role: 'menuitem', name })
const radio = (name: string): Control => ({ role: 'menuitemradio', name })
const box = (name: string): Control => ({ role: 'combobox', name })
const group = (name: string): Control => ({ role: 'group', name })
const row = (name: string): Control => ({ role: 'row', name })

const whatIf = (at: Place, ...entries: [name: string, entry: string][]): ReaderFunction[] =>
  entries.map(([name, entry]) => ({
    name,
    at,
    path: [button('What if…'), item(entry)],
    command: 'perform',
  }))
const memberMenu = (...entries: [name: string, entry: string][]): ReaderFunction[] =>
  entries.map(([name, entry]) => ({
    name,
    at: 'cluster',
    path: [group('Member m1'), item(entry)],
    command: 'perform',
  }))
const clientMenu = (...entries: [name: string, entry: string][]): ReaderFunction[] =>
  entries.map(([name, entry]) => ({
    name,
    at: 'programs',
    path: [group('Client a'), item(entry)],
    command: 'perform',
  }))
const stepBy = (word: string): ReaderFunction => ({
  name: `step by ${word}`,
  at: 'opening',
  path: [button('step by'), radio(word)],
  command: 'setStepBy',
})

export const functions: readonly ReaderFunction[] = [
  // Time
  {
    name: 'play or pause',
    at: 'cluster',
    path: [button('Play')],
    command: 'toggle',
    shortcut: 'toggle',
  },
  {
    name: 'go to the start',
    at: 'opening',
    path: [button('To the start')],
    command: 'seek',
    shortcut: 'start',
  },
  {
    name: 'go to the end',
    at: 'opening',
    path: [button('To the end')],
    command: 'seek',
    shortcut: 'end',
  },
  {
    name: 'go to the next event',
    at: 'opening',
    path: [button('Next event')],
    command: 'stepOnce',
    shortcut: 'next-event',
  },
  {
    name: 'go to the previous event',
    at: 'opening',
    path: [button('Previous event')],
    command: 'stepOnce',
    shortcut: 'previous-event',
  },
  ...['event', 'lease event', 'fault', 'move', '100 ms', '1 s'].map(stepBy),
  {
    name: 'go to a time',
    at: 'opening',
    path: [button('Time:'), { role: 'textbox', name: 'Go to time' }],
    command: 'seek',
  },
  {
    name: 'change the speed',
    at: 'opening',
    path: [{ role: 'slider', name: 'Speed' }],
    command: 'setSpeed',
    shortcut: 'faster',
  },
  ...[
    'New TTL',
    'New latency to clients',
    'New latency between members',
    'New version of etcd',
    'New number of members',
    'Checkpoints of leases',
    'New seed',
    'New library',
  ].map(
    (name): ReaderFunction => ({
      name: `replay with another value: ${name}`,
      at: 'programs',
      path: [
        button('Replay with…'),
        {
          role: /^New (version|library|number)|^Check/.test(name) ? 'combobox' : 'textbox',
          name,
        },
      ],
      command: 'again',
    }),
  ),

  // What goes wrong
  ...whatIf(
    'cluster',
    ['crash the leader', 'The leader crashes'],
    ['end the leader in order', 'The leader is asked to end'],
    ['hand over the leadership', 'The leader hands over…'],
    ['freeze a member', 'A member freezes…'],
    ['slow a disk', 'A disk is slow…'],
    ['change the clock of a member', 'A member’s clock runs fast…'],
    ['set the wall clock of a member', 'A wall clock is set…'],
    ['add a member', 'A member is added…'],
    ['cut the network', 'The network is cut…'],
    ['cut one direction', 'One direction is cut…'],
    ['slow a link', 'A link is slow…'],
    ['make a link uneven', 'A link is uneven…'],
    ['lose messages', 'A link loses messages…'],
    ['double messages', 'A link doubles messages…'],
    ['reorder messages', 'Messages overtake…'],
    ['deliver, drop or hold a message', 'A message in flight…'],
    ['heal the network', 'All links are good again'],
    ['grant many leases', 'Many leases…'],
  ),
  ...memberMenu(
    ['crash a member', 'Crash'],
    ['end a member in order', 'Ask to end'],
    ['freeze one member', 'Freeze'],
    ['cut off a member', 'Cut off'],
    ['silence a member', 'Nothing from it arrives'],
    ['deafen a member', 'It hears nothing'],
    ['slow the disk of a member', 'Slow disk…'],
    ['change its clock', 'Fast or slow clock…'],
    ['set its wall clock', 'Set the wall clock…'],
    ['remove a member', 'Remove from the cluster'],
    ['see the leases of a member', 'Its leases…'],
  ),
  ...clientMenu(
    ['crash a client', 'Crash'],
    ['cut off a client', 'Cut off'],
    ['change the clock of a client', 'Fast or slow clock…'],
    ['set the clock of a client', 'Set the clock…'],
    ['hold a program', 'Hold'],
    ['step one line', 'Step one line'],
    ['run to a line', 'Run to line…'],
    ['show the program of a client', 'Show its program'],
  ),
  {
    name: 'draw heartbeats',
    at: 'cluster',
    path: [button('What if…'), { role: 'menuitemcheckbox', name: 'Draw heartbeats' }],
  },
  {
    name: 'start with a recipe',
    at: 'opening',
    path: [button('What if…'), item('A lock recipe, or a program…')],
    command: 'show',
  },
  {
    name: 'try a lock of one’s own',
    at: 'opening',
    path: [button('What if…'), item('My lock…')],
    command: 'openForm',
  },
  {
    name: 'compute a TTL',
    at: 'opening',
    path: [button('What if…'), item('What TTL should I take?')],
    command: 'openForm',
  },
  {
    name: 'write a stop',
    at: 'programs',
    path: [button('What if…'), item('Stop here')],
    command: 'stopHere',
    shortcut: 'stops',
  },
  {
    name: 'replay with another library',
    at: 'programs',
    path: [group('Client a'), item('Replay with another library…')],
    command: 'again',
  },
  {
    name: 'replay from What if',
    at: 'programs',
    path: [button('What if…'), item('Replay with other numbers…')],
    command: 'again',
  },

  // Leases and keys
  {
    name: 'grant a lease',
    at: 'opening',
    path: [button('+ Grant a lease'), button('Grant')],
    command: 'grant',
  },
  {
    name: 'renew a lease once',
    at: 'opening',
    path: [row('L1'), button('Renew once')],
    command: 'renewOnce',
  },
  {
    name: 'keep a lease alive',
    at: 'opening',
    path: [row('L1'), button('Keep alive')],
    command: 'keepAlive',
  },
  { name: 'revoke a lease', at: 'opening', path: [row('L1'), button('Revoke')], command: 'revoke' },
  {
    name: 'copy the ID of a lease',
    at: 'opening',
    path: [row('L1'), button('More on L1'), item('Copy ID')],
    command: 'copyText',
  },
  { name: 'put a key', at: 'keys', path: [button('Put a key…'), button('Put')], command: 'put' },
  {
    name: 'put a key on a lease',
    at: 'opening',
    path: [row('L1'), button('More on L1'), item('Put a key…')],
    command: 'putKeyOn',
  },
  {
    name: 'show a lease in the heap',
    at: 'opening',
    path: [
      row('L1'),
      button('More on L1'),
      item('Show in the heap'),
      button('Close the panel'),
      row('L1'),
    ],
    command: 'showInside',
  },
  {
    name: 'count the operations as leases grow',
    at: 'opening',
    path: [
      row('L1'),
      button('More on L1'),
      item('Show in the heap'),
      button('As leases grow…'),
      button('Close the panel'),
      row('L1'),
    ],
  },
  { name: 'delete a key', at: 'keys', path: [button('Delete /svc/a')], command: 'deleteKey' },

  // Looking closer
  { name: 'ask why', at: 'opening', path: [button('Why?')], command: 'whyNow', shortcut: 'why' },
  { name: 'read the log', at: 'opening', path: [button('Log')], command: 'show' },
  { name: 'filter the log', at: 'log', path: [box('Show')], command: 'filterLog' },
  {
    name: 'go to an event of the log',
    at: 'log',
    path: [{ role: 'option', name: '' }],
    command: 'seekEvent',
  },
  { name: 'read the keys', at: 'opening', path: [button('Keys')], command: 'show' },
  {
    name: 'open the console',
    at: 'opening',
    path: [button('Console')],
    command: 'show',
    shortcut: 'console',
  },
  {
    name: 'enter a line',
    at: 'console',
    path: [{ role: 'textbox', name: 'Console' }],
    command: 'enter',
  },
  { name: 'answer as etcdctl does', at: 'console', path: [button('guided'), radio('strict')] },
  {
    name: 'leave a line in flight',
    at: 'console',
    path: [button('guided'), radio('Leave the line in flight')],
  },
  { name: 'copy the transcript', at: 'console', path: [button('Copy')], command: 'copyText' },
  { name: 'step a program', at: 'program', path: [button('Step one line')], command: 'stepClient' },
  { name: 'hold or release a program', at: 'program', path: [button('Hold')], command: 'control' },
  {
    name: 'run a program to a line',
    at: 'program',
    path: [{ role: 'option', name: '' }],
    command: 'control',
  },
  {
    name: 'edit a program',
    at: 'program',
    path: [button('Edit'), { role: 'textbox', name: 'Program of a' }],
    command: 'vary',
  },
  {
    name: 'start a recipe',
    at: 'program',
    path: [button('Recipes'), button('Start a run')],
    command: 'startLab',
  },
  {
    name: 'check tokens',
    at: 'storage',
    path: [{ role: 'checkbox', name: 'Checks tokens' }],
    command: 'checkTokens',
  },
  {
    name: 'timeline by rows',
    at: 'opening',
    path: [button('Timeline options'), radio('Rows')],
    command: 'changeTimeline',
  },
  {
    name: 'space-time diagram',
    at: 'opening',
    path: [button('Timeline options'), radio('Space-time')],
    command: 'changeTimeline',
  },
  {
    name: 'spacing by event',
    at: 'opening',
    path: [button('Timeline options'), radio('By event')],
    command: 'changeTimeline',
  },
  {
    name: 'timeline as a table',
    at: 'opening',
    path: [button('Timeline options'), item('As a table')],
  },
  { name: 'zoom in', at: 'opening', path: [button('Timeline options'), item('Zoom in')] },
  { name: 'fit the timeline', at: 'opening', path: [button('Timeline options'), item('Fit')] },
  {
    name: 'timeline in full height',
    at: 'opening',
    path: [button('Timeline options'), item('Full height')],
    command: 'changeTimeline',
  },

  // Runs
  {
    name: 'open the library',
    at: 'opening',
    path: [button('Does a key live on')],
    command: 'openLibrary',
    shortcut: 'library',
  },
  {
    name: 'forget what was seen and passed',
    at: 'opening',
    path: [button('Does a key live on'), button('Reset progress…'), button('Forget')],
    command: 'resetProgress',
  },
  {
    name: 'open a story',
    at: 'opening',
    path: [button('Does a key live on'), button('Who may')],
    command: 'openStory',
  },
  {
    name: 'start over',
    at: 'opening',
    path: [button('More'), item('Start over')],
    command: 'startOver',
  },
  {
    name: 'a cluster of one’s own',
    at: 'opening',
    path: [button('More'), item('My run: 3 members')],
    command: 'openCluster',
  },
  { name: 'theme', at: 'opening', path: [button('More'), item('Theme')] },
  { name: 'present', at: 'opening', path: [button('More'), item('Present')], shortcut: 'present' },
  {
    name: 'go to the next stop',
    at: 'opening',
    path: [button('More'), item('Present'), button('Next stop')],
    command: 'stepStop',
  },
  { name: 'help', at: 'opening', path: [button('More'), item('Help and keys')], shortcut: 'help' },
  { name: 'copy a link', at: 'opening', path: [button('Share'), item('Copy link')] },
  {
    name: 'copy the lines that embed a run',
    at: 'opening',
    path: [button('Share'), item('Embed…')],
  },
  { name: 'save a file', at: 'opening', path: [button('Share'), item('Save file')] },
  {
    name: 'save a script for a real cluster',
    at: 'opening',
    path: [button('Share'), item('Save as etcdctl script')],
  },
  { name: 'save a trace', at: 'opening', path: [button('Share'), item('Save text trace')] },
  {
    name: 'open a file, a link or a kept run',
    at: 'opening',
    path: [button('Share'), item('Open…')],
  },
  { name: 'how true is this', at: 'opening', path: [button('etcd 3.6')] },
  {
    name: 'replay with other settings',
    at: 'opening',
    path: [button('etcd 3.6'), box('As etcd')],
    command: 'vary',
  },
]
