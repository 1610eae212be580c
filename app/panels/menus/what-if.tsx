import { lazy, Suspense } from 'react'
import { Icon } from '../parts/icon'
import { PHONE, useMedia } from '../parts/media'
import { usePopover } from '../parts/popover'
import './menus.css'

const load = () => import('./what-if-body')
const WhatIfBody = lazy(load)

/** Everything that can go wrong or be changed, each with its console word. It stands at the stage; on a phone, in the sheet's bar. */
export function WhatIf({ inBar = false }: { inBar?: boolean }) {
  const phone = useMedia(PHONE)
  const { trigger, box, open, close } = usePopover('end')
  if (phone !== inBar) return null
  return (
    <>
      <button
        type="button"
        className="what-if"
        aria-haspopup="menu"
        data-what-if
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        {...trigger}
      >
        {inBar && <Icon name="compare" />}
        What if…
        {!inBar && <Icon name={open ? 'chevron-up' : 'chevron'} small />}
      </button>
      <div className="popover what-if-menu" {...box}>
        <Suspense>{open && <WhatIfBody close={close} />}</Suspense>
      </div>
    </>
  )
}
