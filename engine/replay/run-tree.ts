// A run with all its futures. A command in the past forks the run. The old future stays on its own
// branch, under its name, and both branches share the past. A branch is a timeline. The tree holds
// each branch's parent and the place of the fork.
//
//   main      ●━━━━━━●━━━━━━━━━●━━━━━━━━━   commands 1 2 3
//                    └──●━━━━━━━━━━━━━━━    branch 2: command 1, and its own
//                          ↑ cursor
//
// Undo and redo are places in the tree. Undo moves the cursor before an action, with an open
// future. If a future lies beyond that place already, undo makes a branch without a command of its
// own. The tree drops that branch unless the user plays on it.

import { assert } from '../base/assert'
import type { Command } from '../sim/command'
import { describeCommand } from '../sim/describe-command'
import { ENGINE_VERSION } from '../sim/engine-version'
import type { Recording } from '../sim/recording'
import type { Answer, Stop } from '../sim/stops'
import type { BranchId, Place } from './actions'
import { Actions, branchesOf } from './actions'
import type { SavedRunTree } from './saved-run-tree'
import { readBranches } from './saved-run-tree'
import type { Answers } from './story'
import {
  answersAfter,
  describeEdit,
  editBetween,
  edited,
  reversed,
  type StoryEdit,
} from './story-edit'
import type { Instant, Position } from './timeline'
import { Timeline } from './timeline'
import { isSameRun } from './vary'

/** A run that opened at the limit of events for an opened run, before its cursor (virtual ms). */
export interface CutShort {
  at: number
  cursor: number
}

/**
 * A part that was not played to its end, because its branch reached the limit of events played at
 * once. It ends at `at` instead of `until`, virtual ms. `place`: the cursor. `future`: the part
 * played after the old cursor. `beside`: the compared branch.
 */
export interface Limit {
  what: 'place' | 'future' | 'beside'
  /** The branch; null where the run has only one. */
  branch: string | null
  at: number
  until: number
}

/** A branch as the page lists it. */
export interface BranchView {
  id: BranchId
  name: string
  parent: BranchId | null
  forkAt: number
  end: number
  commands: number
  current: boolean
}

interface Branch {
  id: BranchId
  name: string
  parent: BranchId | null
  shared: number
  forkAt: number
  recording: Recording
  end: number
  /** Created on the first visit. */
  timeline: Timeline | null
  deleted: boolean
  /** A branch that undo made. It is dropped if it stays as it was made. */
  provisional: boolean
}

/**
 * The most events that a run from outside plays before the page shows it, some seconds of work. The
 * most commands of all its branches; shared commands count for each branch.
 */
export const MOST_EVENTS = 500_000

const LONGEST_NAME = 60

export class RunTree {
  #branches: Branch[] = []
  #current: Branch
  #nextId = 1
  #actions = new Actions()
  #version = 1
  #answers = new Map<number, Answer>()
  #cutShort: CutShort | null = null
  #limit: Limit | null = null
  /** The most events that are played at once. */
  readonly #mostEvents: number

  /**
   * At the start. Commands of virtual 0 that would bring the run beyond `mostEvents` events lie
   * ahead.
   */
  constructor(recording: Recording, mostEvents = MOST_EVENTS) {
    this.#mostEvents = mostEvents
    this.#current = this.#add(
      { name: 'main', parent: null, shared: 0, forkAt: 0 },
      bounded(recording, mostEvents),
    )
  }

  /** A run from outside at its cursor, or before it where it has `mostEvents` events. */
  static at(recording: Recording, cursor: number | Instant, mostEvents = MOST_EVENTS): RunTree {
    const tree = new RunTree(recording, mostEvents)
    tree.#goToCursor(typeof cursor === 'number' ? { at: cursor } : cursor, mostEvents)
    return tree
  }

  /** Null for a run that was opened at its cursor. */
  get cutShort(): CutShort | null {
    return this.#cutShort
  }

  /**
   * The part that stopped at the limit of events since the last call of this method; null for none.
   * Only the latest one is known.
   */
  takeLimit(): Limit | null {
    const limit = this.#limit
    this.#limit = null
    return limit
  }

  /**
   * Moves the cursor to that time (virtual ms). Past the end it plays on, as far as the limit of
   * events played at once allows.
   */
  seek(at: number): void {
    this.#reach(this.#current, 'place', at)
  }

  /** Brings a compared branch to that time, in the same way. An unknown branch is ignored. */
  follow(id: BranchId, at: number): void {
    const branch = this.#find(id)
    if (branch !== undefined) this.#reach(branch, 'beside', at)
  }

  /** The timeline of the current branch. */
  get timeline(): Timeline {
    return this.#timelineOf(this.#current)
  }

  get current(): BranchId {
    return this.#current.id
  }

  /** The answers to the story's questions, which all branches share. */
  get answers(): Answers {
    return this.#answers
  }

  /**
   * Stores the answer to a stop's question, in place of an earlier one; null for a skipped
   * question. Undo does not revert it.
   */
  answer(stop: number, answer: Answer): void {
    this.#answers.set(stop, answer)
  }

  /** The story, which all branches share; empty for a run without one. */
  get stops(): readonly Stop[] {
    return this.timeline.stops ?? []
  }

  /**
   * Replaces the stops of all branches. Answers to unchanged stops stay. The same stops again
   * change nothing.
   */
  replaceStops(stops: readonly Stop[]): void {
    const edit = editBetween(this.stops, stops)
    if (edit === null) return
    this.#editStops(edit)
    this.#actions.did({ type: 'stops', text: describeEdit(edit), ...edit })
  }

  /** Counts up whenever `timeline` is another timeline than before. */
  get version(): number {
    return this.#version
  }

  /** Counts the actions, undos and redos so far. */
  get changes(): number {
    return this.#actions.changes
  }

  /**
   * What the next undo reverts and the next redo repeats, in words; null where there is nothing.
   */
  get undoable(): string | null {
    return this.#actions.undoable
  }

  get redoable(): string | null {
    return this.#actions.redoable
  }

  /** Every branch there is, the oldest first. */
  branches(): BranchView[] {
    return this.#living().map((branch) => ({
      id: branch.id,
      name: branch.name,
      parent: this.#livingParent(branch)?.id ?? null,
      forkAt: branch.forkAt,
      end: branch.timeline?.end ?? branch.end,
      commands: this.#recordingOf(branch).commands.length,
      current: branch === this.#current,
    }))
  }

  /** The timeline of a branch; undefined for an unknown branch. */
  timelineOf(id: BranchId): Timeline | undefined {
    const branch = this.#find(id)
    return branch === undefined ? undefined : this.#timelineOf(branch)
  }

  nameOf(id: BranchId): string | undefined {
    return this.#find(id)?.name
  }

  /**
   * Submits a command at the cursor. If a future lies beyond the cursor, it stays on its branch,
   * and the command begins another branch. Answers whether it did.
   */
  submit(command: Command): boolean {
    const before = this.#place()
    const forks = this.timeline.hasFuture
    if (forks) this.#fork()
    this.#current.provisional = false
    const text = describeCommand(command, this.timeline.sim)
    this.timeline.submit(command)
    this.#actions.did({ type: 'moved', text, before, after: this.#place() })
    return forks
  }

  /**
   * The same commands with another seed, configuration or text, as a new branch, played until the
   * cursor's time. If a branch is that run already, the tree goes to it, so a reverted change leads
   * back.
   */
  vary(name: string, recording: Recording): void {
    const before = this.#place()
    const { now: at, end } = this.timeline
    const known = this.#living().find(
      (branch) => !branch.provisional && isSameRun(this.#recordingOf(branch), recording),
    )
    if (known !== undefined) {
      if (known === this.#current) return
      this.#goTo(known)
      this.#play(at, end, this.timeline.trace.length + this.#mostEvents)
      this.#actions.did({
        type: 'moved',
        text: `go to ${known.name}`,
        before,
        after: this.#place(),
      })
      return
    }
    const timeline = bounded(recording, this.#mostEvents)
    // The changed run may have more events than the run itself.
    const mostEvents = Math.max(this.#mostEvents, 2 * this.timeline.trace.length)
    const from = this.#current
    this.#leave()
    this.#current = this.#add(
      { name: this.#freeName(name), parent: from.id, shared: 0, forkAt: 0 },
      timeline,
    )
    this.#play(at, end, mostEvents)
    this.#actions.did({ type: 'moved', text: `replay with ${name}`, before, after: this.#place() })
  }

  /** Goes to another branch, at the same time. False for an unknown branch. */
  switchTo(id: BranchId): boolean {
    const branch = this.#find(id)
    if (branch === undefined) return false
    if (branch === this.#current) return true
    const before = this.#place()
    const at = Math.min(this.timeline.now, branch.timeline?.end ?? branch.end)
    this.#goTo(branch)
    // The future of that branch stays as it is; the branch is not played on to reach the same time.
    const { timeline } = this
    if (timeline.end < at) this.#stopped(branch, 'place', timeline.end, at)
    timeline.seek({ at: Math.min(at, timeline.end) })
    this.#actions.did({ type: 'moved', text: `go to ${branch.name}`, before, after: this.#place() })
    return true
  }

  /**
   * Gives a branch a unique name, without blanks around it. False for an unknown branch or an empty
   * name.
   */
  rename(id: BranchId, name: string): boolean {
    const branch = this.#find(id)
    const wanted = name.trim().slice(0, LONGEST_NAME)
    if (branch === undefined || wanted === '') return false
    if (wanted === branch.name) return true
    const to = this.#freeName(wanted)
    this.#actions.did({
      type: 'renamed',
      text: `rename ${branch.name} to ${to}`,
      branch: id,
      from: branch.name,
      to,
    })
    branch.name = to
    return true
  }

  /**
   * Deletes a branch from the list; undo restores it. False for the current branch, or for an
   * unknown one.
   */
  remove(id: BranchId): boolean {
    const branch = this.#find(id)
    if (branch === undefined || branch === this.#current) return false
    branch.deleted = true
    this.#actions.did({ type: 'deleted', text: `delete ${branch.name}`, branch: id })
    return true
  }

  /** Undoes the last action. False if all are undone. */
  undo(): boolean {
    const action = this.#actions.undo()
    if (action === undefined) return false
    switch (action.type) {
      case 'moved':
        this.#stand(action.before, true)
        return true
      case 'deleted':
        this.#branch(action.branch).deleted = false
        return true
      case 'renamed':
        this.#branch(action.branch).name = action.from
        return true
      case 'stops':
        this.#editStops(reversed(action))
        return true
    }
  }

  /** Redoes the action that was undone last. False without one. */
  redo(): boolean {
    const action = this.#actions.redo()
    if (action === undefined) return false
    switch (action.type) {
      case 'moved':
        this.#stand(action.after, false)
        return true
      case 'deleted':
        this.#branch(action.branch).deleted = true
        return true
      case 'renamed':
        this.#branch(action.branch).name = action.to
        return true
      case 'stops':
        this.#editStops(action)
        return true
    }
  }

  /**
   * The data to hand on. `withUndo`: the data that this browser keeps, with the undo list and the
   * branches that it needs.
   */
  save(withUndo = false): SavedRunTree {
    const actions = withUndo ? this.#actions.save() : null
    const wanted = new Set(actions?.list.flatMap(branchesOf))
    const isListed = ({ deleted, provisional }: Branch): boolean => !deleted && !provisional
    const branches = this.#branches.filter(
      (branch) => isListed(branch) || branch === this.#current || wanted.has(branch.id),
    )
    return {
      engine: ENGINE_VERSION,
      branches: branches.map((branch) => {
        const parent = this.#nearest(branch, (above) => branches.includes(above))
        const shared = parent === undefined ? 0 : this.#sharedWith(branch, parent)
        const { seed, config, commands } = this.#recordingOf(branch)
        return {
          id: branch.id,
          name: branch.name,
          parent: parent?.id ?? null,
          shared,
          forkAt: branch.forkAt,
          seed,
          config,
          commands: commands.slice(shared),
          end: branch.timeline?.end ?? branch.end,
          ...(withUndo && branch.deleted ? { deleted: true } : {}),
          ...(withUndo && branch.provisional ? { provisional: true } : {}),
        }
      }),
      current: this.#current.id,
      cursor: this.timeline.now,
      ...(this.timeline.stops === undefined
        ? {}
        : { ...into(this.timeline.instant), stops: this.timeline.stops }),
      ...(this.#answers.size === 0
        ? {}
        : { answers: [...this.#answers].map(([stop, answer]) => ({ stop, answer })) }),
      ...(actions === null ? {} : { deeds: actions }),
    }
  }

  /**
   * The run that `save` described, or a part of it (`cutShort`). Inconsistent data is refused, with
   * its path.
   */
  static load(saved: SavedRunTree, mostEvents = MOST_EVENTS): RunTree {
    const branches = readBranches(saved).map(
      ({ commands: _commands, seed: _seed, config: _config, ...branch }): Branch => ({
        deleted: false,
        provisional: false,
        ...branch,
        timeline: null,
      }),
    )
    const current = branches.find(({ id }) => id === saved.current)!
    const tree = new RunTree(current.recording, mostEvents)
    tree.#branches = branches
    tree.#nextId = Math.max(...branches.map(({ id }) => id)) + 1
    // The branch that the constructor made is the current one.
    current.timeline = tree.#current.timeline
    tree.#current = current
    if (saved.deeds !== undefined) tree.#actions = Actions.load(saved.deeds)
    for (const { stop, answer } of saved.answers ?? []) tree.answer(stop, answer)
    tree.#goToCursor({ at: saved.cursor, ...into(saved) }, mostEvents)
    return tree
  }

  /** Plays the part beyond the cursor again, as far as the limit of events allows. */
  #goToCursor(cursor: Instant, mostEvents: number): void {
    const { timeline } = this
    const { end } = this.#current
    if (!timeline.reach(cursor, mostEvents)) {
      this.#cutShort = { at: timeline.now, cursor: cursor.at }
      return
    }
    if (end <= cursor.at) return
    this.#reach(this.#current, 'future', end, mostEvents - timeline.trace.length)
    timeline.seek(cursor)
  }

  #editStops(edit: StoryEdit): void {
    const stops = edited(this.stops, edit)
    this.#answers = answersAfter(this.#answers, edit)
    for (const branch of this.#branches) {
      const { stops: _stops, ...recording } = this.#recordingOf(branch)
      branch.recording = stops.length === 0 ? recording : { ...recording, stops }
      if (branch.timeline !== null) branch.timeline.stops = branch.recording.stops
    }
  }

  // The tree --------------------------------------------------------------------------------------

  #add(of: Pick<Branch, 'name' | 'parent' | 'shared' | 'forkAt'>, timeline: Timeline): Branch {
    const branch: Branch = {
      ...of,
      id: this.#nextId++,
      recording: timeline.recording(),
      end: timeline.end,
      timeline,
      deleted: false,
      provisional: false,
    }
    this.#branches.push(branch)
    this.#version++
    return branch
  }

  /** Makes a branch that begins at the cursor, and makes it the current one. */
  #fork(): void {
    const from = this.#current
    const { timeline } = this
    this.#current = this.#add(
      {
        name: this.#freeName(`branch ${this.#living().length + 1}`),
        parent: from.id,
        shared: timeline.commandsTaken,
        forkAt: timeline.now,
      },
      timeline.fork(),
    )
  }

  #goTo(branch: Branch): void {
    if (branch === this.#current) return
    this.#leave()
    this.#current = branch
    branch.deleted = false
    this.#version++
  }

  /** Removes a branch that undo made, if it has no command. */
  #leave(): void {
    const left = this.#current
    if (!left.provisional || left.timeline === null || left.timeline.end > left.forkAt) return
    left.recording = left.timeline.recording()
    left.end = left.timeline.end
    left.timeline = null
    left.deleted = true
  }

  #stand(place: Place, open: boolean): void {
    this.#goTo(this.#branch(place.branch))
    this.#reach(this.#current, 'place', place)
    if (!open || !this.timeline.hasFuture) return
    this.#fork()
    this.#current.provisional = true
  }

  #place(): Place {
    return { branch: this.#current.id, ...this.timeline.position }
  }

  #timelineOf(branch: Branch): Timeline {
    if (branch.timeline === null) {
      branch.timeline = bounded(branch.recording, this.#mostEvents)
      this.#reach(branch, 'future', branch.end, this.#mostEvents - branch.timeline.trace.length)
    }
    return branch.timeline
  }

  /** Moves the cursor of a branch, and plays at most `mostEvents` new events. */
  #reach(
    branch: Branch,
    what: Limit['what'],
    to: number | Position,
    mostEvents = this.#mostEvents,
  ): void {
    const timeline = this.#timelineOf(branch)
    const until = typeof to === 'number' ? to : to.at
    if (!timeline.reach(to, timeline.trace.length + mostEvents))
      this.#stopped(branch, what, timeline.now, until)
  }

  /**
   * Plays the current branch until `end` where it is not played yet, up to a total of so many
   * events, and goes to `at`.
   */
  #play(at: number, end: number, mostEvents: number): void {
    const { timeline } = this
    this.#limit = null
    if (timeline.end < end && !timeline.reach(end, mostEvents)) {
      const isThere = timeline.now >= at
      this.#stopped(this.#current, isThere ? 'future' : 'place', timeline.now, isThere ? end : at)
    }
    timeline.seek({ at: Math.min(at, timeline.end) })
  }

  #stopped(branch: Branch, what: Limit['what'], at: number, until: number): void {
    this.#limit = { what, branch: this.#living().length > 1 ? branch.name : null, at, until }
  }

  #recordingOf(branch: Branch): Recording {
    return branch.timeline?.recording() ?? branch.recording
  }

  #living(): Branch[] {
    return this.#branches.filter(({ deleted }) => !deleted)
  }

  #find(id: BranchId): Branch | undefined {
    return this.#living().find((branch) => branch.id === id)
  }

  #branch(id: BranchId): Branch {
    const branch = this.#branches.find((other) => other.id === id)
    assert(branch !== undefined, `there is no branch ${id}`)
    return branch
  }

  /** The nearest ancestor that is still listed. */
  #livingParent(branch: Branch): Branch | undefined {
    return this.#nearest(branch, ({ deleted }) => !deleted)
  }

  #nearest({ parent }: Branch, fits: (branch: Branch) => boolean): Branch | undefined {
    let above = this.#branches.find(({ id }) => id === parent)
    while (above !== undefined && !fits(above)) {
      const next = above.parent
      above = this.#branches.find(({ id }) => id === next)
    }
    return above
  }

  /** Commands that a branch has in common with an ancestor: the fewest on the way. */
  #sharedWith(branch: Branch, ancestor: Branch): number {
    let shared = branch.shared
    for (let id = branch.parent; id !== null && id !== ancestor.id; ) {
      const between = this.#branch(id)
      shared = Math.min(shared, between.shared)
      id = between.parent
    }
    return shared
  }

  #freeName(wanted: string): string {
    const taken = new Set(this.#living().map(({ name }) => name))
    if (!taken.has(wanted)) return wanted
    let n = 2
    while (taken.has(`${wanted} (${n})`)) n++
    return `${wanted} (${n})`
  }
}

/** A timeline whose commands of virtual 0 count towards the limit too. */
function bounded(recording: Recording, mostEvents: number): Timeline {
  return new Timeline(recording, undefined, undefined, mostEvents)
}

/** The steps of a cursor's instant before it, where they are known. */
function into({ after }: { after?: number }): { after?: number } {
  return after === undefined ? {} : { after }
}
