import { lazy, Suspense } from 'react'
import { Now } from '../parts/figure'

const Tape = lazy(() => import('./tape'))

/** One row for each lease: its history left of now, what remains right of it. */
export function Timeline() {
  return (
    <section className="timeline" aria-label="Timeline">
      <Suspense fallback={null}>
        <Tape clock={<Now />} />
      </Suspense>
    </section>
  )
}
