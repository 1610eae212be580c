import type { Bar, BarAct } from './bar'

/** What leads to places that an embedded page does not have. */
const ELSEWHERE: ReadonlySet<BarAct> = new Set<BarAct>(['what-if', 'stories', 'next'])

/** The bar of an embedded page. Where it led to another story, the same story comes again. */
export function embeddedBar(bar: Bar): Bar {
  const others = bar.others.filter(({ act }) => !ELSEWHERE.has(act))
  if (bar.primary === null || !ELSEWHERE.has(bar.primary.act)) return { ...bar, others }
  return {
    ...bar,
    primary: others.find(({ act }) => act === 'again') ?? null,
    others: others.filter(({ act }) => act !== 'again'),
  }
}
