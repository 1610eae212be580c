import { visible } from '../../../engine/text/visible'
import type { Bar } from '../../scene/bar'
import { Icon } from '../parts/icon'

/** The reader's answer beside the run's answer. */
export function Sides({ sides: [yours, run], title }: { sides: Bar['sides']; title: string }) {
  return (
    <span className="sides" title={title}>
      <span>
        <Icon name="flag" small />
        {visible(yours ?? '')}
      </span>{' '}
      <span data-run>
        <Icon name="check" small />
        {visible(run ?? '')}
      </span>
    </span>
  )
}

/** The parts of a goal, each with a check mark once it is done. */
export function Parts({ parts, title }: Pick<Bar, 'parts' | 'title'>) {
  return (
    <span className="parts" title={title}>
      {parts.map(({ text, done }) => (
        <span key={text} data-done={done || undefined}>
          {done ? <Icon name="check" small /> : <i aria-hidden="true" />}
          {visible(text)}
          <span className="sr-only">{done ? ', done' : ', to do'}</span>
        </span>
      ))}
      <em>{visible(title)}</em>
    </span>
  )
}

/** The number of parts done, and the total. */
export function Dashes({ done, of }: { done: number; of: number }) {
  return (
    <span className="dashes" role="img" aria-label={`${done} of ${of}`}>
      {Array.from({ length: of }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a dash has no other identity
        <b key={at} data-on={at < done || undefined} />
      ))}
    </span>
  )
}
