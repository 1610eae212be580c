// Events that can happen to the network: as a part of What if…, and as the context menus of a link
// and of a message.

import type { MessageView } from '../../../engine/worker/protocol'
import {
  cuts,
  type Dial,
  dialFault,
  type Fault,
  faultGesture,
  groupsText,
  linkChoices,
} from '../../commands/faults'
import {
  amount,
  type Entry,
  type Field,
  faultEntry,
  numberIn,
  type Step,
  stepEntry,
  type World,
} from './entry'
import { isTroubled } from './member-entries'

interface DialWords {
  dial: Dial
  icon: Entry['icon']
  /** Of any link, and of one. */
  word: string
  own: string
  label: string
  unit: string
  value: number
  most: number
}

const MS = { unit: 'ms', value: 50, most: 60_000 }
const PERCENT = { unit: '%', value: 10, most: 100 }

const dials: readonly DialWords[] = [
  {
    dial: 'delay',
    icon: 'clock',
    word: 'A link is slow…',
    own: 'Slow…',
    label: 'Every message takes longer by',
    ...MS,
  },
  {
    dial: 'jitter',
    icon: 'clock',
    word: 'A link is uneven…',
    own: 'Uneven…',
    label: 'Messages take longer by up to',
    ...MS,
  },
  {
    dial: 'loss',
    icon: 'down',
    word: 'A link loses messages…',
    own: 'Loses messages…',
    label: 'Lost',
    ...PERCENT,
  },
  {
    dial: 'duplicate',
    icon: 'copy',
    word: 'A link doubles messages…',
    own: 'Doubles messages…',
    label: 'Doubled',
    ...PERCENT,
  },
  {
    dial: 'reorder',
    icon: 'fork',
    word: 'Messages overtake…',
    own: 'Messages overtake…',
    label: 'Out of order',
    ...PERCENT,
  },
]

export function whatIfNetwork(world: World): Entry[] {
  const { members, clients, messages } = world
  const names = members.map(({ name }) => name)
  const ids = clients.map(({ id }) => id)
  const leader = members.find(({ role }) => role === 'leader')?.name ?? null
  const links = linkChoices(names, ids)
  return [
    stepEntry(
      'cut',
      'The network is cut…',
      ofCuts(cuts(names, ids, leader)),
      ids.length + names.length < 2 ? 'There is only one place' : null,
    ),
    stepEntry('move', 'One direction is cut…', oneWay(names, ids)),
    ...dials.map((words) => stepEntry(words.icon, words.word, dialStep(words, links))),
    stepEntry(
      'hex',
      'A message in flight…',
      ofMessages(messages),
      messages.length === 0 ? 'No message is in flight' : null,
    ),
    faultEntry(
      'check',
      'All links are good again',
      { type: 'heal' },
      isTroubled(world) ? null : 'All links are good',
    ),
  ]
}

/**
 * The context menu of the link between two names; its settings act both ways. The link to the
 * storage has no settings, because it ends at no member.
 */
export function linkEntries(from: string, to: string, world: World): Entry[][] {
  const link = { word: `${from} – ${to}`, link: { from, to } }
  const hasMember = world.members.some(({ name }) => name === from || name === to)
  return [
    hasMember
      ? dials.map((words) => stepEntry(words.icon, words.own, dialStep(words, [link])))
      : [],
    [
      faultEntry('cut', `Nothing from ${from} reaches ${to}`, {
        type: 'cut',
        from: [from],
        to: [to],
      }),
      faultEntry('cut', `Nothing from ${to} reaches ${from}`, {
        type: 'cut',
        from: [to],
        to: [from],
      }),
    ],
    [
      faultEntry(
        'check',
        'All links are good again',
        { type: 'heal' },
        isTroubled(world) ? null : 'All links are good',
      ),
    ],
  ]
}

/** The context menu of a message in flight; empty for one that has arrived. */
export function messageEntries(id: number, { messages }: World): Entry[][] {
  if (!messages.some((message) => message.id === id)) return []
  return [fates.map(({ fate, icon, act }) => faultEntry(icon, act, fateOf(id, fate)))]
}

type Fate = 'deliver' | 'drop' | 'delay'

/** Milliseconds of delay for a message. */
const HELD_MS = 500

const fates: readonly { fate: Fate; icon: Entry['icon']; act: string; word: string }[] = [
  { fate: 'deliver', icon: 'end', act: 'Deliver now', word: 'arrives now' },
  { fate: 'drop', icon: 'down', act: 'Drop', word: 'is lost (TCP sends a client’s again)' },
  {
    fate: 'delay',
    icon: 'clock',
    act: `Hold for ${HELD_MS} ms`,
    word: `arrives ${HELD_MS} ms later`,
  },
]

function fateOf(message: number, fate: Fate): Fault {
  return fate === 'delay'
    ? { type: 'message', message, fate, ms: HELD_MS }
    : { type: 'message', message, fate }
}

/** `KeepAlive, svc to m1 (17)` */
export function messageName({ id, label, from, to, kind }: MessageView): string {
  const answer = kind === 'reply' && !label.startsWith('Msg')
  return `${answer ? `answer to ${label}` : label}, ${from} to ${to} (${id})`
}

function ofMessages(messages: readonly MessageView[]): Step {
  const rows = [...messages].sort(
    (a, b) => Number(a.machinery) - Number(b.machinery) || a.due - b.due || a.id - b.id,
  )
  return {
    fields: [
      {
        name: 'message',
        label: 'Message',
        options: rows.map((message) => ({ value: String(message.id), word: messageName(message) })),
      },
      {
        name: 'fate',
        label: 'It',
        options: fates.map(({ fate, word }) => ({ value: fate, word })),
      },
    ],
    gestures({ message, fate }) {
      const chosen = fates.find((each) => each.fate === fate)
      const there = rows.some(({ id }) => String(id) === message)
      return chosen && there ? [faultGesture(fateOf(Number(message), chosen.fate))] : []
    },
  }
}

function ofCuts(all: ReturnType<typeof cuts>): Step {
  return {
    fields: [
      {
        name: 'cut',
        label: 'How',
        options: all.map(({ word, groups }) => ({
          value: word,
          word: `${word}: ${groupsText(groups)}`,
        })),
      },
    ],
    gestures({ cut }) {
      const chosen = all.find(({ word }) => word === cut)
      return chosen ? [faultGesture({ type: 'partition', groups: chosen.groups })] : []
    },
  }
}

const EVERYBODY = 'all others'

function oneWay(members: readonly string[], clients: readonly string[]): Step {
  const names = [...members, ...clients]
  const options = (words: readonly string[]) => words.map((word) => ({ value: word, word }))
  return {
    fields: [
      { name: 'from', label: 'Nothing from', options: options(names) },
      { name: 'to', label: 'reaches', options: options([EVERYBODY, ...names]) },
    ],
    gestures({ from = '', to = '' }) {
      const others = to === EVERYBODY ? names.filter((name) => name !== from) : [to]
      if (!names.includes(from) || others.length === 0 || others.includes(from)) return []
      return [faultGesture({ type: 'cut', from: [from], to: others })]
    },
  }
}

function dialStep(
  { dial, label, unit, value, most }: DialWords,
  links: ReturnType<typeof linkChoices>,
): Step {
  // One link first: a change of all links is rarer.
  const choices = [
    ...links.filter(({ link }) => link !== null),
    ...links.filter(({ link }) => link === null),
  ]
  const fields: Field[] = [
    { name: 'link', label: 'Link', options: choices.map(({ word }) => ({ value: word, word })) },
    amount('value', label, unit, value, 0, most),
  ]
  return {
    fields,
    gestures(values) {
      const number = numberIn({ fields }, 'value', values)
      const choice = choices.find(({ word }) => word === values.link)
      const fault =
        choice === undefined || number === null ? null : dialFault(choice.link, dial, number, most)
      return fault === null ? [] : [faultGesture(fault)]
    },
    note: () =>
      'With 0 the link is as before. A lost call is sent again by TCP, and arrives later.',
  }
}
