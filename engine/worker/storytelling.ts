// The stories of the run that the worker owns: one for each branch, with the answers that the
// run tree keeps.

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

  /** `growth`: the count that some questions are about, perhaps still under way. */
  constructor(growth: Growth) {
    this.#growth = growth
  }

  /**
   * The story of a branch, which knows as much of the run as was played; null for a run without
   * stops.
   */
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
   * Why a command, or a change of the whole run (null), may not be done at the cursor, in words;
   * null where it may. Only the acts of a goal lead to it.
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
   * Plays the stored solution of the open goal as a branch, up to where the goal was set. Without
   * an open goal nothing happens.
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
   * Plays the run without the acts that follow a stop, as a branch, up to that stop. Without such
   * acts nothing happens.
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
   * To the next pause of the story, or back to the stop before; whether there is one. Back before
   * the first stop is the start.
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

  /** How many pauses of the story lie at or before the cursor. */
  passed({ timeline, answers }: RunTree): number {
    return this.of(timeline)?.pauses(timeline, answers, timeline.commandsAhead) ?? 0
  }

  /** To a stop by its index; whether the run reaches it. */
  seekStop({ timeline }: RunTree, stop: number): boolean {
    const story = this.of(timeline)
    return story !== null && toStop(timeline, story, stop)
  }

  /** Skips the open questions: the run plays on without their answers. */
  skipOpen(tree: RunTree): void {
    for (const stop of this.of(tree.timeline)?.open(tree.timeline, tree.answers) ?? [])
      tree.answer(stop, null)
  }

  /**
   * The story at the cursor, where it has changed since the last Frame; `version` is another for
   * another branch.
   */
  news(tree: RunTree, version: number, quiet: boolean): Pick<Frame, 'story'> {
    const { timeline, answers } = tree
    const story = this.of(timeline)?.view(timeline, answers, timeline.commandsAhead, quiet) ?? null
    return this.#shown.isNew(version, JSON.stringify(story)) ? { story } : {}
  }

  /** What a teacher sees beside the page, where it has changed since the last Frame. */
  lectureNews(tree: RunTree, version: number): Pick<Frame, 'lecture'> {
    const { timeline } = tree
    const lecture = this.#lecture.view(timeline, this.of(timeline))
    return this.#lectureShown.isNew(version, JSON.stringify(lecture)) ? { lecture } : {}
  }

  /** The page wants the lecture again: the next Frame has it. */
  forgetLecture(): void {
    this.#lectureShown.forget()
  }
}

/**
 * Shows a story what was possible at a stop that lies behind; the run comes back to where it is.
 */
function lookBack(
  run: Timeline,
  story: Story,
  passed: NonNullable<ReturnType<Story['unseen']>>,
): void {
  const here = run.position
  toPlace(run, passed)
  story.look(passed.stop, run)
  run.seek(here)
}
