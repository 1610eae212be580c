// The right answers of a step, taken from its own run, and the text of each of its stops.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { counted } from '../engine/lease/structures/growth'
import { possibleMoves } from '../engine/query/moves'
import { Story } from '../engine/replay/story'
import type { StoryView } from '../engine/replay/story-view'
import { Timeline } from '../engine/replay/timeline'
import { parseScenario, runScenario } from '../engine/scenario/scenario'
import type { Answer, Goal } from '../engine/sim/stops'

const folder = join(import.meta.dirname, '../engine/scenario/catalogue')

export interface Halt {
  /** The text as the story bar shows it. */
  text: string
  ask: { kind: NonNullable<StoryView['ask']>['kind']; choices: string[]; truth: Answer } | null
  goal: Goal | null
}

/** All stops up to the first goal, in order. */
export function haltsOf(step: string): Halt[] {
  const scenario = parseScenario(readFileSync(join(folder, `${step}.txt`), 'utf8'))
  const { stops } = scenario
  const timeline = new Timeline(runScenario(scenario).recording)
  const story = new Story(stops, timeline.sim.config.etcd, possibleMoves, counted)
  const skipped = new Map(stops.map((_, stop) => [stop, null]))
  const halts: Halt[] = []
  const end = Math.max(...scenario.steps.map((each) => (each.type === 'until' ? each.at : 0)))
  while (timeline.now < end) {
    const next = Math.min(story.nextTime(timeline), end)
    if (timeline.nextAt() <= next) timeline.step()
    else timeline.advance(next)
    story.follow(timeline)
    const { reached, say, ask, goal } = story.view(timeline, skipped, timeline.commandsAhead, false)
    if (reached === null) continue
    halts[reached] = {
      text: ask?.question ?? goal?.text ?? say ?? '',
      ask: ask && { kind: ask.kind, choices: ask.choices, truth: ask.truth },
      goal: stops[reached]?.goal ?? null,
    }
  }
  return halts
}
