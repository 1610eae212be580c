// Four structures that find expired leases. Each does the same work for a growing number of leases;
// the panel counts its operations. One plot, and the same data as a table.

import type { GrowthView } from '../../../engine/worker/protocol'
import { longCount, STRUCTURE_WORDS } from '../../draw/growth'
import { useApp } from '../parts/app-context'
import { PHONE, useMedia } from '../parts/media'
import { GrowthPlot, GrowthStatus, GrowthWait, NAMES, useGrowth } from './growth-plot'
import { PanelHead } from './panel-head'
import './growth.css'

/** Px. The picture is as wide as the panel, and its text is readable on the narrowest phone. */
const SIZE = { width: 400, height: 300 }
const PHONE_SIZE = { width: 320, height: 240 }

export default function Growth() {
  const { commands } = useApp()
  const { hidden, growth } = useGrowth()
  return (
    <>
      <PanelHead title="As leases grow" />
      {hidden ? <GrowthWait /> : growth !== null && <Counted growth={growth} />}
      <p className="inside-more">
        <button type="button" className="pick" onClick={() => commands.show('inside')}>
          The heap of this run
        </button>
      </p>
    </>
  )
}

function Counted({ growth }: { growth: GrowthView }) {
  const { rows } = growth
  const size = useMedia(PHONE) ? PHONE_SIZE : SIZE
  return (
    <>
      <GrowthStatus growth={growth} />
      <GrowthPlot rows={rows} size={size} />
      <p className="muted small">
        Operations in one virtual second, by the number of leases. Both axes are logarithmic.
      </p>
      <p>etcd uses the heap. Until 2018 it scanned all leases.</p>
      <details>
        <summary>The same as a table, and how it is counted</summary>
        <p className="small">
          Each structure does the same work. A lease has a TTL of 10 to 60 s and is renewed every
          third of it. A pass looks for expired leases every 500 ms. Counted are comparisons and
          moves of entries.
        </p>
        <table className="growth-table">
          <thead>
            <tr>
              <th scope="col">Leases</th>
              {NAMES.map((name) => (
                <th key={name} scope="col">
                  {STRUCTURE_WORDS[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.leases}>
                <th scope="row">{longCount(row.leases)}</th>
                {NAMES.map((name) => (
                  <td key={name}>{row[name] === null ? '…' : longCount(row[name])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  )
}
