import type { Link } from '../draw/message-path'
import { isCut, middleOf, type Wall, wallAcross, wallPath, wallsBetween } from '../draw/walls'
import { useRun } from './app-context'

/** A partition: walls between the groups of members. */
export function Walls({ links, width, height }: { links: Map<string, Link>; width: number; height: number }) {
  const members = useRun((state) => state.members)
  const partition = useRun((state) => state.partition)
  if (partition === null || width === 0) return null
  const names = members.filter(({ standing }) => !standing.startsWith('unstarted')).map(({ name }) => name)
  return (
    <svg className="walls" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {wallsOf(names, partition, links).map((wall) => {
        const path = wallPath(wall)
        return (
          <g key={path}>
            <path className="wall-band" d={path} />
            <path className="wall" d={path} />
          </g>
        )
      })}
    </svg>
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
