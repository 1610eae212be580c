import { madeWithText } from '../../../engine/text/made-with'
import { lessonOf } from '../../scene/lessons'
import { shelves, sourceWord } from '../../scene/scenario'
import { useApp, useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'

/** The shelf and the story. The button opens the library of all stories. */
export function StoryMenu() {
  const { commands } = useApp()
  const current = useUi((state) => state.scenario)
  const madeWith = useRun((state) => state.madeWith)
  const place = useUi((state) => state.lesson)
  const lesson = lessonOf(place?.name)
  const shelf = shelves.find(({ name }) => name === current?.shelf)
  return (
    <nav className="crumb" aria-label="Story">
      {(lesson ?? shelf) && (
        <span className="crumb-shelf">
          {lesson
            ? `${lesson.title}, step ${(place?.step ?? 0) + 1} of ${lesson.steps.length}`
            : shelf?.word}
          <i aria-hidden="true">/</i>
        </span>
      )}
      <button type="button" aria-haspopup="dialog" onClick={() => commands.openLibrary()}>
        <span className="crumb-title">{current?.title ?? 'My run'}</span>
        <Icon name="chevron" small />
        <span className="sr-only">: stories</span>
      </button>
      {current?.source != null && <Report source={current.source} />}
      {madeWith !== null && (
        <span className="crumb-note" role="status" title={madeWithText(madeWith)}>
          {madeWithText(madeWith)}
        </span>
      )}
    </nav>
  )
}

/** The report behind a story. In a narrow window only its number fits. */
function Report({ source }: { source: string }) {
  const word = sourceWord(source)
  const at = word.lastIndexOf('#')
  return (
    <a
      className="crumb-note"
      href={source}
      target="_blank"
      rel="noreferrer"
      aria-label={word}
      title={`${word}: the report that this story is made from`}
    >
      <span className="crumb-repository">{at < 0 ? word : word.slice(0, at)}</span>
      {at < 0 ? '' : word.slice(at)}
    </a>
  )
}
