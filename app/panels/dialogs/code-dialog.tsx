import { useEffect, useState } from 'react'
import { encode } from 'uqr'
import { shortAddress, whyNoCode } from '../../share/stop-link'
import { useApp } from '../parts/app-context'
import { Dialog } from './dialog'

/**
 * The link of this stop as a QR code, large enough for a room. If the link has no code: the reason.
 */
export default function CodeDialog({ onClose }: { onClose(): void }) {
  const { run, ui, sharing } = useApp()
  const [link, setLink] = useState<string | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    const short = shortAddress(ui.getState(), run.getState())
    if (short !== null) setLink(sharing.address() + short)
    else
      void sharing.link().then((made) => {
        setLink(made)
        setFailed(made === null)
      })
  }, [run, ui, sharing])
  const why = link === null ? null : whyNoCode(link)
  return (
    <Dialog title="This stop on your phone" className="code-dialog" onClose={onClose}>
      {link === null && (
        <p className="code-why">
          {failed
            ? 'This run cannot be shared, so it has no code.'
            : 'The link of this run is on its way.'}
        </p>
      )}
      {link !== null && why === null && <Code link={link} />}
      {why !== null && <p className="code-why">{why}</p>}
      {link !== null && link.length <= 100 && <p className="code-link">{link}</p>}
    </Dialog>
  )
}

/** Dark on white in every theme: cameras expect it. */
function Code({ link }: { link: string }) {
  const { size, data } = encode(link, { ecc: 'M', border: 4 })
  const squares = data.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])),
  )
  return (
    <svg
      className="code"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={`QR code of ${link}`}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={squares.join('')} fill="#000" />
    </svg>
  )
}
