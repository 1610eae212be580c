// Effects that several inputs share.

import type { Notice } from '../../store/ui'
import type { About, Draft } from './state'

/** Requests the current run from the worker. */
export function ask(draft: Draft, leaving: boolean): void {
  const { now, outputs, page } = draft
  if (now.isWaiting) outputs.push({ do: 'wait-no-more' })
  now.isWaiting = false
  const { isEmpty: _, here: __, shown, scenario, ...rest } = page
  const worked = isWorkedOn(draft)
  now.about = { ...rest, ...shown, ...now.label, worked, scenario: scenario?.name ?? null }
  askWith(draft, now.about, leaving)
}

export function askWith({ now, outputs }: Draft, about: About, leaving: boolean): void {
  now.asks = [...now.asks, { about, opened: now.run.opened, leaving }]
  outputs.push({ do: 'send', message: { type: 'export-tree' } })
}

export function wait({ now, outputs }: Draft): void {
  if (!now.isWaiting) outputs.push({ do: 'wait' })
  now.isWaiting = true
}

export function isWorkedOn({ now, page }: Draft): boolean {
  return now.acts.work || page.worked
}

export function notify({ outputs }: Draft, notice: Notice): void {
  outputs.push({ do: 'notify', notice })
}

export function withdraw({ outputs }: Draft, ...kinds: Notice['kind'][]): void {
  outputs.push({ do: 'withdraw', kinds })
}
