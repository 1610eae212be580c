import { isSilenced } from '../../commands/faults'
import type { Link } from '../../draw/message-path'
import { isCut, middleOf, type Wall, wallAcross, wallPath, wallsBetween } from '../../draw/walls'
import { useRun } from '../parts/app-context'

/** A partition: walls between the groups of members. */
export function Walls({ links, width, height }: { links: Map<string, Link>; width: number; height: number }) {
  const members = useRun((state) => state.members)
  const partition = useRun((state) => state.partition)
  const { cuts } = useRun((state) => state.network)
  if ((partition === null && cuts.length === 0) || width === 0) return null
  const names = members.filter(({ standing }) => !standing.startsWith('unstarted')).map(({ name }) => name)
  return (
    <svg className="walls" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {(partition === null ? [] : wallsOf(names, partition, links)).map((wall) => {
        const path = wallPath(wall)
        return (
          <g key={path}>
            <path className="wall-band" d={path} />
            <path className="wall" d={path} />
          </g>
        )
      })}
      {oneWaysOf(names, cuts, links).map(({ key, ...way }) => (
        <g key={key}>
          <path className="wall-band" d={wallPath(way.wall)} />
          <path className="wall" d={wallPath(way.wall)} />
          <path className="wall-open" d="M-7-5 5 0 -7 5" transform={way.arrow} />
        </g>
      ))}
    </svg>
  )
}

/** Where one direction is stopped: a wall across the link, near whoever is not reached, and the arrow of the way that is open. */
function oneWaysOf(
  names: string[],
  cuts: { from: string[]; to: string[] }[],
  links: Map<string, Link>,
): { key: string; wall: Wall; arrow: string }[] {
  return names.flatMap((from) =>
    names.flatMap((to) => {
      const known = links.get(`${from} ${to}`)
      const back = known === undefined ? links.get(`${to} ${from}`) : undefined
      const link = known ?? (back && { from: back.to, to: back.from })
      if (link === undefined || !isSilenced(cuts, from, to)) return []
      const at = (share: number) => ({
        x: link.from.x + (link.to.x - link.from.x) * share,
        y: link.from.y + (link.to.y - link.from.y) * share,
      })
      const [wall, arrow] = [wallAcross({ from: at(0.36), to: link.to }), at(0.5)]
      const angle = (Math.atan2(link.from.y - link.to.y, link.from.x - link.to.x) * 180) / Math.PI
      const turned = `translate(${arrow.x.toFixed(1)} ${arrow.y.toFixed(1)}) rotate(${angle.toFixed(0)})`
      // Where both ways are stopped, none is open.
      return [{ key: `${from} ${to}`, wall, arrow: isSilenced(cuts, to, from) ? `${turned} scale(0)` : turned }]
    }),
  )
}

function wallsOf(names: string[], partition: string[][], links: Map<string, Link>): Wall[] {
  const groups = names.map((name) => partition.findIndex((group) => group.includes(name)))
  const linkOf = (i: number, j: number) => links.get(`${names[i]} ${names[j]}`)
  const gapOf = (i: number, j: number) => {
    const link = linkOf(i, j)
    return link ? middleOf(link) : { x: 0, y: 0 }
  }
  const walls = wallsBetween(groups, gapOf)
  if (walls) return walls
  return names.flatMap((a, i) =>
    names.slice(i + 1).flatMap((b, k) => {
      const link = linkOf(i, i + 1 + k)
      return link && isCut(partition, a, b) ? [wallAcross(link)] : []
    }),
  )
}
