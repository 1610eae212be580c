import { shortId } from '../../draw/figures'
import { useApp } from './app-context'

/** A lease's short ID; the whole one in its title and, by a click, on the clipboard. */
export function CopyId({ id }: { id: string }) {
  const { commands } = useApp()
  return (
    <button type="button" className="id-button" title={`Lease ${id}: copy the ID`} onClick={() => void commands.copyText(id, 'Lease ID')}>
      <span className="sr-only">Copy lease ID </span>
      {shortId(id)}
    </button>
  )
}
