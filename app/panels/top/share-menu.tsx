import { useEffect, useState } from 'react'
import { looksLikeRun } from '../../share/sharing'
import { useApp } from '../parts/app-context'
import { lazyComponent, Part } from '../parts/lazy-part'
import { Menu } from '../parts/menu'

const openDialog = lazyComponent('The dialog', () => import('../dialogs/open-dialog'))

/**
 * All ways to bring a run in or hand it out. The reader may also drop a file anywhere. A recording
 * or a link may be pasted anywhere outside a field.
 */
export function ShareMenu() {
  const { sharing } = useApp()
  const [opening, setOpening] = useState(false)
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const into =
        event.target instanceof HTMLElement ? event.target.closest('input, textarea, dialog') : null
      if (into && into.getAttribute('aria-label') !== 'Console') return
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (!looksLikeRun(text)) return
      event.preventDefault()
      void sharing.openText(text)
    }
    const onDragOver = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
    }
    const onDrop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0]
      if (!file) return
      event.preventDefault()
      void sharing.openFile(file)
    }
    document.addEventListener('paste', onPaste)
    document.addEventListener('dragover', onDragOver)
    document.addEventListener('drop', onDrop)
    return () => {
      document.removeEventListener('paste', onPaste)
      document.removeEventListener('dragover', onDragOver)
      document.removeEventListener('drop', onDrop)
    }
  }, [sharing])
  const items = [
    { word: 'Copy link', line: '#r1', onChoose: () => sharing.share('link') },
    { word: 'Embed…', line: '<iframe>', onChoose: () => void sharing.copyEmbed() },
    { word: 'Save file', line: '.json', onChoose: () => sharing.share('file') },
    { word: 'Save as etcdctl script', line: '.sh', onChoose: () => sharing.share('etcdctl') },
    { word: 'Save text trace', line: '.txt', onChoose: () => sharing.share('trace') },
    { word: 'Open…', line: 'file, link, kept', onChoose: () => setOpening(true) },
  ]
  return (
    <>
      <Menu
        name="Share"
        className="share"
        button={<span aria-hidden="true">Share</span>}
        items={items}
      />
      {opening && <Part of={openDialog} props={{ onClose: () => setOpening(false) }} />}
    </>
  )
}
