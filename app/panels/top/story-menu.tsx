import { madeWithText } from '../../../engine/text/made-with'
import { shelves } from '../../scene/scenario'
import { useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { lazyComponent, Part } from '../parts/lazy-part'
import { usePopover } from '../parts/popover'

const stories = lazyComponent('The list of stories', () => import('./stories'))

/** Where one is: shelf and story. The button opens every story, by shelf, with a mark on those that were opened before. */
export function StoryMenu() {
  const current = useUi((state) => state.scenario)
  const madeWith = useRun((state) => state.madeWith)
  const { trigger, box, open, close } = usePopover()
  const shelf = shelves.find(({ name }) => name === current?.shelf)
  return (
    <nav className="crumb" aria-label="Story">
      {shelf && (
        <span className="crumb-shelf">
          {shelf.word}
          <i aria-hidden="true">/</i>
        </span>
      )}
      <button type="button" aria-haspopup="menu" data-stories {...trigger}>
        <span className="crumb-title">{current?.title ?? 'My run'}</span>
        <Icon name="chevron" small />
        <span className="sr-only">: stories</span>
      </button>
      {madeWith !== null && (
        <span className="crumb-note" role="status" title={madeWithText(madeWith)}>
          {madeWithText(madeWith)}
        </span>
      )}
      <div className="popover stories" {...box}>
        {open && <Part of={stories} props={{ current: current?.name ?? null, close }} />}
      </div>
    </nav>
  )
}
