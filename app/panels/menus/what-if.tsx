import { Icon } from '../parts/icon'
import { lazyComponent, Part } from '../parts/lazy-part'
import { PHONE, useMedia } from '../parts/media'
import { useAsked, usePopover } from '../parts/popover'
import './menus.css'

const body = lazyComponent('What if…', () => import('./what-if-body'))

/** Ahead of the press; a part that does not arrive says so when it is shown. */
function load(): void {
  void body.get().catch(() => undefined)
}

/**
 * Everything that can go wrong or be changed, each with its console word. It stands at the stage;
 * on a phone, in the sheet's bar.
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
