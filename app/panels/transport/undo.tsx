import { useApp, useRun } from '../parts/app-context'
import { Icon } from '../parts/icon'

/** Both buttons appear with the first gesture and stay, so that the focus is never lost. */
export function Undo() {
  const { commands } = useApp()
  const undo = useRun((state) => state.undo)
  const redo = useRun((state) => state.redo)
  if (undo === null && redo === null) return null
  return (
    <>
      <span className="transport-line" />
      <HistoryButton word="Undo" what={undo} keys="Ctrl+Z" onPress={commands.undo} />
      <HistoryButton word="Redo" what={redo} keys="Ctrl+Shift+Z" onPress={commands.redo} />
    </>
  )
}

function HistoryButton({
  word,
  what,
  keys,
  onPress,
}: {
  word: 'Undo' | 'Redo'
  what: string | null
  keys: string
  onPress(): void
}) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={word}
      data-undo={word === 'Undo' || undefined}
      aria-disabled={what === null}
      title={what === null ? `Nothing to ${word.toLowerCase()}` : `${word}: ${what} (${keys})`}
      onClick={() => what !== null && onPress()}
    >
      <Icon name={word === 'Undo' ? 'undo' : 'redo'} />
    </button>
  )
}
