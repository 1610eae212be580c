// The stories of the worker's run: one for each branch, with the answers that the run tree keeps.

import type { Growth } from '../lease/structures/growth'
import { possibleMoves } from '../query/moves'
import { SHOWN } from '../replay/answer-fault'
import { Lecture } from '../replay/lecture'
import type { RunTree } from '../replay/run-tree'
import { withSolution } from '../replay/solution'
import { playUntil, toPlace, toStop, toStopBefore } from '../replay/stop-steps'
import { Story } from '../replay/story'
import type { Timeline } from '../replay/timeline'
import type { Command } from '../sim/command'
import type { Answer, Stop } from '../sim/stops'
import { actOf } from '../text/act'
import { Memo } from './memo'
import type { Frame } from './protocol'

export class Storytelling {
  readonly #growth: Growth
  #stories = new WeakMap<Timeline, { story: Story; stops: readonly Stop[] }>()
  readonly #lecture = new Lecture()
  readonly #shown = new Memo<[version: number, story: string]>()
  readonly #lectureShown = new Memo<[version: number, lecture: string]>()

  /** `growth`: the count for some questions, perhaps not complete yet. */
  constructor(growth: Growth) {
    this.#growth = growth
  }

  /** The story of a branch, up to its played part; null for a run without stops. */
  of(run: Timeline): Story | null {
    if (run.stops === undefined) return null
    const known = this.#stories.get(run)
    const story =
      known?.stops === run.stops
        ? known.story
        : new Story(run.stops, run.sim.config.etcd, possibleMoves, () => this.#growth)
    this.#stories.set(run, { story, stops: run.stops })
    story.follow(run)
    for (let passed = story.unseen(run); passed !== null; passed = story.unseen(run))
      lookBack(run, story, passed)
    return story
  }

  /**
   * Answers a question that is open or waiting at the cursor; null skips it. Any other is ignored.
   */
  answer(tree: RunTree, stop: number, answer: Answer): void {
    const exact = typeof answer === 'number' ? Math.round(answer) : answer
    if (this.of(tree.timeline)?.takes(stop, exact, tree.timeline, tree.answers))
      tree.answer(stop, exact)
  }

  /**
   * The reason why a command, or a change of the whole run (null), is not allowed at the cursor;
   * null if it is. Only the acts of a goal lead to it.
   */
  refuses(tree: RunTree, command: Command | null): string | null {
    const { timeline } = tree
    const story = this.of(timeline)
    const stop = story?.openGoal(timeline) ?? null
    if (stop === null)
      return story?.hasGoalAhead(timeline) === true
        ? 'This story sets a goal. Press Play until it is set.'
        : null
    const may = timeline.stops?.[stop]?.goal?.may ?? []
    const act = command === null ? undefined : actOf(command)
    return act !== undefined && may.includes(act)
      ? null
      : `To reach this goal you may: ${may.join(', ')}.`
  }

  /**
   * Plays the stored solution of the open goal as a branch, up to where the goal was set. Does
   * nothing without an open goal.
   */
  showSolution(tree: RunTree): void {
    const { timeline } = tree
    const story = this.of(timeline)
    const stop = story?.openGoal(timeline) ?? null
    if (story == null || stop === null) return
    const set = story.commandsAt(stop)
    tree.answer(stop, SHOWN)
    tree.vary('the solution', withSolution(timeline, stop, set))
    tree.seek(set.at)
  }

  /**
   * Plays the run without the acts that follow a stop, as a branch, up to that stop. Does nothing
   * without such acts.
   */
  leaveOut(tree: RunTree, stop: number): void {
    const { timeline } = tree
    const facts = this.of(timeline)?.facts(stop) ?? null
    if (facts === null) return
    const recording = timeline.recording()
    const commands = recording.commands.filter(
      (command, i) => i < facts.commands || actOf(command) === undefined,
    )
    if (commands.length === recording.commands.length) return
    tree.vary('no solution', { ...recording, commands })
    tree.seek(facts.at)
  }

  /**
   * To the next pause of the story, or back to the previous stop; returns whether there is one.
   * Before the first stop comes the start.
   */
  step(tree: RunTree, back: boolean): boolean {
    const { timeline } = tree
    const story = this.of(timeline)
    if (story === null) return false
    if (back) {
      if (!toStopBefore(timeline, story)) timeline.seek({ at: 0 })
      return true
    }
    const pauses = (): number => story.pauses(timeline, tree.answers, timeline.commandsAhead)
    const before = pauses()
    const isOver = timeline.commandsAhead === 0 && story.isTold(timeline)
    return !isOver && playUntil(timeline, story, () => pauses() > before)
  }

  /** The number of pauses of the story at or before the cursor. */
  passed({ timeline, answers }: RunTree): number {
    return this.of(timeline)?.pauses(timeline, answers, timeline.commandsAhead) ?? 0
  }

  /** To a stop by its index; returns whether the run reaches it. */
  seekStop({ timeline }: RunTree, stop: number): boolean {
    const story = this.of(timeline)
    return story !== null && toStop(timeline, story, stop)
  }

  /** Skips the open questions: the run continues without their answers. */
  skipOpen(tree: RunTree): void {
    for (const stop of this.of(tree.timeline)?.open(tree.timeline, tree.answers) ?? [])
      tree.answer(stop, null)
  }

  /**
   * The story at the cursor, if it has changed since the last Frame; `version` differs for another
   * branch.
   */
  news(tree: RunTree, version: number, quiet: boolean): Pick<Frame, 'story'> {
    const { timeline, answers } = tree
    const story = this.of(timeline)?.view(timeline, answers, timeline.commandsAhead, quiet) ?? null
    return this.#shown.isNew(version, JSON.stringify(story)) ? { story } : {}
  }

  /** The teacher's view beside the page, if it has changed since the last Frame. */
  lectureNews(tree: RunTree, version: number): Pick<Frame, 'lecture'> {
    const { timeline } = tree
    const lecture = this.#lecture.view(timeline, this.of(timeline))
    return this.#lectureShown.isNew(version, JSON.stringify(lecture)) ? { lecture } : {}
  }

  /** The page requests the lecture again: the next Frame has it. */
  forgetLecture(): void {
    this.#lectureShown.forget()
  }
}

/** Shows a story the possible moves at an earlier stop; the run then returns to its place. */
function lookBack(
  run: Timeline,
  story: Story,
  passed: NonNullable<ReturnType<Story['unseen']>>,
): void {
  const here = run.position
  toPlace(run, passed)
  story.readMoves(passed.stop, run)
  run.seek(here)
}
