import type { Bar, BarAct } from './bar'

/** Buttons to places that an embedded page does not have. */
const ELSEWHERE: ReadonlySet<BarAct> = new Set<BarAct>(['what-if', 'stories', 'next'])

/** The bar of an embedded page. A button to another story restarts the same story. */
export function embeddedBar(bar: Bar): Bar {
  const others = bar.others.filter(({ act }) => !ELSEWHERE.has(act))
  if (bar.primary === null || !ELSEWHERE.has(bar.primary.act)) return { ...bar, others }
  return {
    ...bar,
    primary: others.find(({ act }) => act === 'again') ?? null,
    others: others.filter(({ act }) => act !== 'again'),
  }
}
