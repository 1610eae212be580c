// The undo list of a run: the actions of the user, and how many of them are done now.

import { assert } from '../base/assert'
import type { Stop } from '../sim/stops'
import { MOST_STOPS } from '../sim/stops'
import { edited, reversed, type StoryEdit } from './story-edit'
import type { Position } from './timeline'

export type BranchId = number

/** A cursor in the run tree. */
export interface Place extends Position {
  branch: BranchId
}

/** One entry of the undo list: its text, and the data that undo and redo need. */
export type Action =
  | { type: 'moved'; text: string; before: Place; after: Place }
  | { type: 'deleted'; text: string; branch: BranchId }
  | { type: 'renamed'; text: string; branch: BranchId; from: string; to: string }
  | ({ type: 'stops'; text: string } & StoryEdit)

/**
 * What can be undone and redone: the latest actions, the oldest first, and how many of them are
 * done.
 */
export interface SavedActions {
  list: Action[]
  done: number
}

const MOST_ACTIONS = 500
/** The most actions that survive a reload, and the most characters of each text. */
export const MOST_SAVED_ACTIONS = 100
export const LONGEST_ACTION = 200
export class Actions {
  #list: Action[] = []
  #done = 0
  #changes = 0

  /** Counts the actions, undos and redos so far. */
  get changes(): number {
    return this.#changes
  }

  /** The text of the action that the next undo takes back; null for none. */
  get undoable(): string | null {
    return this.#list[this.#done - 1]?.text ?? null
  }

  /** The text of the action that the next redo does again; null for none. */
  get redoable(): string | null {
    return this.#list[this.#done]?.text ?? null
  }

  /** Adds an action. The undone ones cannot be redone any more. */
  did(action: Action): void {
    this.#changes++
    this.#list.length = this.#done
    this.#list.push(action)
    if (this.#list.length > MOST_ACTIONS) this.#list.shift()
    this.#done = this.#list.length
  }

  /** The action to undo, or undefined. */
  undo(): Action | undefined {
    const action = this.#list[this.#done - 1]
    if (action === undefined) return undefined
    this.#done--
    this.#changes++
    return action
  }

  /** The action to redo, or undefined. */
  redo(): Action | undefined {
    const action = this.#list[this.#done]
    if (action === undefined) return undefined
    this.#done++
    this.#changes++
    return action
  }

  /** The latest actions; null if there are none. */
  save(): SavedActions | null {
    // The part that can be redone is short: the next action ends it.
    const from = Math.max(0, Math.min(this.#done, this.#list.length - MOST_SAVED_ACTIONS))
    const list = this.#list
      .slice(from, from + MOST_SAVED_ACTIONS)
      .map((action) => ({ ...action, text: action.text.slice(0, LONGEST_ACTION) }))
    return list.length === 0 ? null : { list, done: this.#done - from }
  }

  static load({ list, done }: SavedActions): Actions {
    const actions = new Actions()
    actions.#list = [...list]
    actions.#done = done
    return actions
  }
}

/** The branches that it takes to undo something. */
export function branchesOf(action: Action): BranchId[] {
  if (action.type === 'stops') return []
  return action.type === 'moved' ? [action.before.branch, action.after.branch] : [action.branch]
}

/** Throws, with the path, for saved actions that do not fit the run. */
export function assertActions(
  { list, done }: SavedActions,
  branches: ReadonlySet<BranchId>,
  stops: readonly Stop[],
): void {
  const strange = list.findIndex((action) => branchesOf(action).some((id) => !branches.has(id)))
  assert(strange < 0, `deeds.list.${strange}: expected branches of this run`)
  assert(done <= list.length, `deeds.done: expected at most ${list.length}`)
  assertStories(stops, list, done)
}

/** Checks that each change of the story fits to the changes before it, so that none fails later. */
function assertStories(stops: readonly Stop[], actions: readonly Action[], done: number): void {
  const follow = (
    list: readonly [Action, number][],
    edit: (action: StoryEdit) => StoryEdit,
  ): void => {
    let story = stops
    for (const [action, i] of list) {
      if (action.type !== 'stops') continue
      const place = `deeds.list.${i}`
      assert(action.before.length + action.after.length > 0, `${place}: expected stops`)
      try {
        story = edited(story, edit(action))
      } catch (error) {
        throw new Error(`${place}: ${error instanceof Error ? error.message : String(error)}`)
      }
      assert(story.length <= MOST_STOPS, `${place}: expected at most ${MOST_STOPS} stops`)
    }
  }
  const numbered = actions.map((action, i): [Action, number] => [action, i])
  follow(numbered.slice(0, done).reverse(), reversed)
  follow(numbered.slice(done), (action) => action)
}
