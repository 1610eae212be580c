import { madeWithText } from '../../../engine/text/made-with'
import { shelves } from '../../scene/scenario'
import { useApp, useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'

/** Where one is: shelf and story. The button opens the library of all stories. */
export function StoryMenu() {
  const { commands } = useApp()
  const current = useUi((state) => state.scenario)
  const madeWith = useRun((state) => state.madeWith)
  const shelf = shelves.find(({ name }) => name === current?.shelf)
  return (
    <nav className="crumb" aria-label="Story">
      {shelf && (
        <span className="crumb-shelf">
          {shelf.word}
          <i aria-hidden="true">/</i>
        </span>
      )}
      <button type="button" aria-haspopup="dialog" data-stories onClick={() => commands.openLibrary()}>
        <span className="crumb-title">{current?.title ?? 'My run'}</span>
        <Icon name="chevron" small />
        <span className="sr-only">: stories</span>
      </button>
      {madeWith !== null && (
        <span className="crumb-note" role="status" title={madeWithText(madeWith)}>
          {madeWithText(madeWith)}
        </span>
      )}
    </nav>
  )
}
