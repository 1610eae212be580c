// Events that can happen to the clients: as a part of What if…, and as the context menu of one
// client.

import type { ClientView } from '../../../engine/worker/protocol'
import { clientNamesOf } from '../../commands/clients'
import type { Fault } from '../../commands/faults'
import { heartbeat } from '../../commands/gestures'
import { controlClient, cutOffClient, isCutOff, reconnectClient } from '../../commands/lab'
import { libraryOwners } from '../../commands/libraries'
import { canReplay } from '../../commands/replay'
import {
  amount,
  choiceOfFault,
  choiceWithAmount,
  type Entry,
  faultEntry,
  numberIn,
  type Step,
  stepEntry,
  type World,
} from './entry'

const RATE = { label: 'It runs at', unit: '%', value: 120, min: 10, max: 1000 }
const SET = { label: 'It is set by', unit: 'ms', value: 3000, min: -86_400_000, max: 86_400_000 }

/**
 * For What if…: the client by its name, or for several clients an entry with a choice. Null if no
 * client can fail.
 */
export function whatIfClients(world: World): { name: string; entries: Entry[] } | null {
  const clients = world.clients.filter(({ kind }) => kind === 'program')
  const [first, ...others] = clients
  if (first === undefined) return null
  if (others.length === 0) return { name: first.id, entries: ofOne(first, world) }
  const named = (state: readonly ClientView['state'][]) =>
    clients.filter((client) => state.includes(client.state)).map(({ id }) => id)
  const choice = (
    word: string,
    icon: Entry['icon'],
    names: string[],
    off: string,
    fault: (client: string) => Fault,
  ) => stepEntry(icon, word, choiceOfFault('Client', names, fault), names.length === 0 ? off : null)
  const all = clients.map(({ id }) => id)
  return {
    name: 'Clients',
    entries: [
      choice('A client stalls…', 'pause', named(['up']), 'No client runs now', (client) => ({
        type: 'pause-client',
        client,
      })),
      ...clients
        .filter(({ state }) => state === 'paused')
        .map(({ id }) => goesOn(id, `${id} goes on`)),
      choice('A client dies…', 'down', named(['up', 'paused']), 'All are down', (client) => ({
        type: 'crash-client',
        client,
      })),
      ...clients
        .filter(({ state }) => state === 'down')
        .map(({ id }) => startsAgain(id, `${id} starts again`)),
      stepEntry(
        'clock',
        'A client’s clock runs fast…',
        choiceWithAmount('Clock of', all, RATE, rate),
      ),
      stepEntry('clock', 'A client’s clock is set…', choiceWithAmount('Clock of', all, SET, set)),
      ...clients.flatMap((client) => beats(client, `The heartbeat of ${client.id}`)),
      otherLibrary(all, world),
    ],
  }
}

function ofOne(client: ClientView, world: World): Entry[] {
  const { id, state } = client
  return [
    state === 'paused'
      ? goesOn(id, `${id} goes on`)
      : faultEntry('pause', `${id} stalls`, { type: 'pause-client', client: id }, downOf(client)),
    state === 'down'
      ? startsAgain(id, `${id} starts again`)
      : faultEntry('down', `${id} dies`, { type: 'crash-client', client: id }),
    ...beats(client, 'Its heartbeat'),
    cut(client, world, `${id} is cut off`, `${id} is connected again`),
    ...clocks(client, 'Its clock runs fast…', 'Its clock is set…'),
    otherLibrary([id], world),
  ]
}

/** The context menu of a client; empty for an unknown client. */
export function clientEntries(id: string, world: World): Entry[][] {
  const client = world.clients.find((each) => each.id === id)
  if (client === undefined) return []
  const { state, program } = client
  return [
    [
      state === 'paused'
        ? goesOn(id, 'Go on')
        : faultEntry('pause', 'Pause', { type: 'pause-client', client: id }, downOf(client)),
      state === 'down'
        ? startsAgain(id, 'Start again')
        : faultEntry('down', 'Crash', { type: 'crash-client', client: id }),
      cut(client, world, 'Cut off', 'Connect again'),
    ],
    [...clocks(client, 'Fast or slow clock…', 'Set the clock…'), ...beats(client, 'Heartbeat')],
    program === null ? [] : programEntries(client, program),
    libraryOwners([client]).length === 0 ? [] : [otherLibrary([id], world)],
  ]
}

/** The debugger controls of a client that runs a program. */
function programEntries(client: ClientView, program: NonNullable<ClientView['program']>): Entry[] {
  const { id } = client
  const off = downOf(client) ?? (program.ended ? 'Its program has ended' : null)
  const hand = (icon: Entry['icon'], word: string, type: 'hold' | 'release'): Entry => {
    const gesture = controlClient(id, { type })
    return { icon, word, line: gesture.line, off, does: gesture }
  }
  const lines = program.source.replace(/\n+$/, '').split('\n').length
  const fields = [amount('line', 'Line', '', program.line ?? 1, 1, lines)]
  const runTo: Step = {
    fields,
    gestures(values) {
      const line = numberIn({ fields }, 'line', values)
      return line === null ? [] : [controlClient(id, { type: 'run-to', line })]
    },
  }
  return [
    program.held ? hand('play', 'Release', 'release') : hand('stop', 'Hold', 'hold'),
    {
      icon: 'forward',
      word: 'Step one line',
      line: `step ${id}`,
      off,
      does: (commands) => commands.stepClient(id),
    },
    stepEntry('end', 'Run to line…', runTo, off),
    {
      icon: 'program',
      word: 'Show its program',
      line: '',
      off: null,
      does: (commands) => commands.showProgram(id),
    },
  ]
}

/** The run from its start, with another library in one of these clients. */
function otherLibrary(clients: readonly string[], { story, end }: World): Entry {
  return {
    icon: 'replay',
    word: 'Replay with another library…',
    line: '',
    off: canReplay(story, end) ? null : 'Nothing has been played yet',
    does: { libraryOf: clients },
  }
}

function downOf({ id, state }: ClientView): string | null {
  return state === 'down' ? `${id} is down` : null
}

const rate = (client: string, percent: number): Fault => ({ type: 'clock', client, percent })
const set = (client: string, ms: number): Fault | null =>
  ms === 0 ? null : { type: 'set-clock', client, ms }

function clocks({ id, clockPercent }: ClientView, fast: string, setWord: string): Entry[] {
  return [
    stepEntry('clock', fast, choiceWithAmount('Clock of', [id], RATE, rate)),
    stepEntry('clock', setWord, choiceWithAmount('Clock of', [id], SET, set)),
    ...(clockPercent === 100
      ? []
      : [
          faultEntry('clock', 'Clock at its true rate', {
            type: 'clock',
            client: id,
            percent: 100,
          }),
        ]),
  ]
}

function goesOn(client: string, word: string): Entry {
  return faultEntry('play', word, { type: 'resume-client', client })
}

function startsAgain(client: string, word: string): Entry {
  return faultEntry('play', word, { type: 'restart-client', client })
}

/** The heartbeats of the leases that a client still believes in. */
function beats({ id, sessions, kind }: ClientView, whose: string): Entry[] {
  if (kind !== 'program') return []
  const living = sessions.filter(({ lost }) => !lost)
  return living.map(({ lease, name, heartbeat: on }) => {
    const gesture = heartbeat(id, lease, !on)
    const which = living.length > 1 ? ` for ${name}` : ''
    return {
      icon: on ? 'heart-off' : 'heart',
      word: `${whose}${which} ${on ? 'stops' : 'starts'}`,
      line: gesture.line,
      off: null,
      does: gesture,
    }
  })
}

function cut({ id }: ClientView, world: World, away: string, back: string): Entry {
  const isApart = isCutOff(id, world.partition)
  const gesture = isApart
    ? reconnectClient(id, world.partition)
    : cutOffClient(id, clientNamesOf(world, id), world.partition)
  return {
    icon: isApart ? 'check' : 'cut',
    word: isApart ? back : away,
    line: gesture.line,
    off: null,
    does: gesture,
  }
}
