import { Icon } from '../parts/icon'
import { lazyComponent, Part } from '../parts/lazy-part'
import { PHONE, useMedia } from '../parts/media'
import { useAsked, usePopover } from '../parts/popover'
import './menus.css'

const body = lazyComponent('What if…', () => import('./what-if-body'))

/** Loads before the press. A part that does not arrive shows an error when it opens. */
function load(): void {
  void body.get().catch(() => undefined)
}

/**
 * Everything that can fail or change, each with its console command. The button is on the stage; on
 * a phone, in the bar of the sheet.
 */
export function WhatIf({ inBar = false }: { inBar?: boolean }) {
  const phone = useMedia(PHONE)
  const { trigger, box, open, close } = usePopover('end')
  useAsked('what-if', trigger.ref)
  if (phone !== inBar) return null
  return (
    <>
      <button
        type="button"
        className="what-if"
        aria-haspopup="menu"
        data-what-if
        onPointerEnter={load}
        onFocus={load}
        {...trigger}
      >
        {inBar && <Icon name="compare" />}
        What if…
        {!inBar && <Icon name={open ? 'chevron-up' : 'chevron'} small />}
      </button>
      <div className="popover what-if-menu" {...box}>
        {open && <Part of={body} props={{ close }} />}
      </div>
    </>
  )
}
