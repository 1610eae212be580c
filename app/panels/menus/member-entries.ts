// Events that can happen to the members: as a part of What if…, and as the context menu of one
// member.

import type { MemberView } from '../../../engine/worker/protocol'
import { cutOff, isSilenced } from '../../commands/faults'
import { additions, handOver, membershipActs, startOf } from '../../commands/members'
import {
  choiceOfFault,
  choiceWithAmount,
  type Entry,
  faultEntry,
  stepEntry,
  type World,
} from './entry'

export const DISK = { label: 'A write takes', unit: 'ms', value: 200, min: 0, max: 60_000 }
const CLOCK = { label: 'It runs at', unit: '%', value: 150, min: 10, max: 1000 }
const WALL = { label: 'It is set by', unit: 's', value: -3600, min: -86_400, max: 86_400 }

/** For What if…: the leader first, then entries with a choice, then the recovery of members. */
export function whatIfMembers({ members }: World): Entry[] {
  const leader = members.find(({ role, paused }) => role === 'leader' && !paused)
  const noLeader = leader === undefined ? 'No member leads now' : null
  const name = leader?.name ?? 'm1'
  const running = members.filter(runs).map((member) => member.name)
  const noneRuns = running.length === 0 ? 'No member runs now' : null
  // Members that do not lead come first, because the leader has entries of its own.
  const others = [
    ...running.filter((each) => each !== leader?.name),
    ...running.filter((each) => each === leader?.name),
  ]
  return [
    ...members.flatMap(comesBack),
    faultEntry('down', 'The leader crashes', { type: 'crash', member: name }, noLeader),
    faultEntry(
      'stop',
      'The leader is asked to end',
      { type: 'stop', member: name },
      noLeader ?? (leader?.stopping ? 'It is ending' : null),
    ),
    handsOver(leader, members, 'The leader hands over…'),
    stepEntry(
      'pause',
      'A member freezes…',
      choiceOfFault('Member', others, (member) => ({ type: 'pause', member })),
      noneRuns,
    ),
    stepEntry(
      'disk',
      'A disk is slow…',
      choiceWithAmount('Disk of', running, DISK, disk),
      noneRuns,
    ),
    stepEntry(
      'clock',
      'A member’s clock runs fast…',
      choiceWithAmount('Clock of', running, CLOCK, clock),
      noneRuns,
    ),
    stepEntry(
      'clock',
      'A wall clock is set…',
      choiceWithAmount('Wall clock of', running, WALL, wallClock),
      noneRuns,
    ),
    joins(members),
    ...startsAndPromotions(members),
  ]
}

/** The context menu of a member; empty for an unknown member. */
export function memberEntries(name: string, world: World): Entry[][] {
  const { members, partition, network } = world
  const member = members.find((each) => each.name === name)
  if (member === undefined) return []
  if (member.status.startsWith('unstarted'))
    return [startsAndPromotions([member], members), membership(member, members)]
  const up = runs(member)
  const notUp = up ? null : member.role === 'down' ? `${name} is down` : `${name} is frozen`
  const others = members.map((each) => each.name).filter((other) => other !== name)
  const [other] = others
  const started = members
    .filter(({ status }) => !status.startsWith('unstarted'))
    .map((each) => each.name)
  const apart = cutOff(name, started, partition)
  return [
    [
      ...comesBack(member),
      ...(member.role === 'down'
        ? []
        : [faultEntry('down', 'Crash', { type: 'crash', member: name })]),
      ...(up
        ? [
            faultEntry(
              'stop',
              'Ask to end',
              { type: 'stop', member: name },
              member.stopping ? 'It is ending' : null,
            ),
            faultEntry('pause', 'Freeze', { type: 'pause', member: name }),
          ]
        : []),
    ],
    other === undefined
      ? []
      : [
          ...(apart ? [faultEntry('cut', 'Cut off', { type: 'partition', groups: apart })] : []),
          ...(isSilenced(network.cuts, name, other)
            ? []
            : [
                faultEntry('cut', 'Nothing from it arrives', {
                  type: 'cut',
                  from: [name],
                  to: others,
                }),
              ]),
          ...(isSilenced(network.cuts, other, name)
            ? []
            : [faultEntry('cut', 'It hears nothing', { type: 'cut', from: others, to: [name] })]),
          ...(isTroubled(world)
            ? [faultEntry('check', 'All links are good again', { type: 'heal' })]
            : []),
          ...(member.role === 'leader' ? [handsOver(member, members, 'Hand over…')] : []),
        ],
    [
      stepEntry('disk', 'Slow disk…', choiceWithAmount('Disk of', [name], DISK, disk)),
      ...(member.diskMs > 0
        ? [faultEntry('disk', 'Disk without delay', { type: 'disk', member: name, ms: 0 })]
        : []),
      stepEntry(
        'clock',
        'Fast or slow clock…',
        choiceWithAmount('Clock of', [name], CLOCK, clock),
        notUp,
      ),
      ...(member.clockPercent === 100
        ? []
        : [
            faultEntry('clock', 'Clock at its true rate', {
              type: 'member-clock',
              member: name,
              percent: 100,
            }),
          ]),
      stepEntry(
        'clock',
        'Set the wall clock…',
        choiceWithAmount('Wall clock of', [name], WALL, wallClock),
      ),
    ],
    membership(member, members),
  ]
}

function runs({ role, paused, status }: MemberView): boolean {
  return role !== 'down' && !paused && !status.startsWith('unstarted')
}

export function isTroubled({ partition, network }: Pick<World, 'partition' | 'network'>): boolean {
  return partition !== null || network.cuts.length > 0 || network.dials.length > 0
}

const disk = (member: string, ms: number) => ({ type: 'disk' as const, member, ms })
const clock = (member: string, percent: number) => ({
  type: 'member-clock' as const,
  member,
  percent,
})
const wallClock = (member: string, seconds: number) =>
  seconds === 0 ? null : { type: 'wall-clock' as const, member, seconds }

/** The recovery of a member that is down or frozen. */
function comesBack({ name, role, paused, status }: MemberView): Entry[] {
  if (status.startsWith('unstarted')) return []
  if (role === 'down')
    return [faultEntry('play', `${name} starts again`, { type: 'restart', member: name })]
  return paused ? [faultEntry('play', `${name} goes on`, { type: 'resume', member: name })] : []
}

function handsOver(
  leader: MemberView | undefined,
  members: readonly MemberView[],
  word: string,
): Entry {
  const to =
    leader === undefined
      ? []
      : members.filter((each) => each !== leader && each.status === 'voter' && runs(each))
  const off =
    leader === undefined ? 'No member leads now' : to.length === 0 ? 'No other voter runs' : null
  const step = {
    fields: [
      { name: 'to', label: 'To', options: to.map(({ name }) => ({ value: name, word: name })) },
    ],
    gestures(values: Readonly<Record<string, string>>) {
      const target = to.find(({ name }) => name === values.to)
      return leader === undefined || target === undefined ? [] : [handOver(leader, target, members)]
    },
  }
  return stepEntry('move', word, step, off)
}

/** Adds a member, as a learner or as a voter. */
function joins(members: readonly MemberView[]): Entry {
  const acts = additions(members)
  const named = (values: Readonly<Record<string, string>>) =>
    acts.find(({ word }) => word === values.how)
  const step = {
    fields: [
      {
        name: 'how',
        label: 'It joins',
        options: acts.map(({ word }) => ({ value: word, word: word.toLowerCase() })),
      },
    ],
    gestures(values: Readonly<Record<string, string>>) {
      const act = named(values)
      return act === undefined ? [] : [act.gesture]
    },
    note: (values: Readonly<Record<string, string>>) => named(values)?.note ?? null,
  }
  return stepEntry('plus', 'A member is added…', step)
}

/** The remaining steps after a member was added: its start, and the learner's promotion. */
function startsAndPromotions(some: readonly MemberView[], members = some): Entry[] {
  return some.flatMap((member): Entry[] => {
    if (member.status.startsWith('unstarted')) {
      const gesture = startOf(member, members)
      return [
        {
          icon: 'play',
          word: `${member.name} starts`,
          line: gesture.line,
          off: null,
          does: gesture,
        },
      ]
    }
    const promote =
      member.status === 'learner'
        ? membershipActs(member, members).find(({ word }) => word === 'Promote')
        : undefined
    if (promote === undefined) return []
    const { gesture, note } = promote
    return [
      {
        icon: 'plus',
        word: `${member.name} is promoted`,
        line: gesture.line,
        note,
        off: null,
        does: gesture,
      },
    ]
  })
}

function membership(member: MemberView, members: readonly MemberView[]): Entry[] {
  return membershipActs(member, members).map(({ word, note, gesture }) => ({
    icon: word === 'Promote' ? 'plus' : 'close',
    word,
    note,
    line: gesture.line,
    off: null,
    does: gesture,
  }))
}
