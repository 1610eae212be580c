import type { MemberView } from '../../../engine/worker/protocol'
import { isSilenced } from '../../commands/faults'
import { clockText } from '../../draw/figures'
import { type Link, placeBetween, pointAt, type Rect } from '../../draw/message-path'
import { isCut } from '../../draw/partition'
import type { StageLayout } from '../../draw/stage-layout'
import { middleOf, type Wall, wallAcross, wallPath, wallsBetween } from '../../draw/walls'
import { useRun } from '../parts/app-context'

/** The width of the words at a wall's end, in pixels. */
const WALL_TIME = 82

interface WallsProps {
  layout: StageLayout
  links: Map<string, Link>
  members: readonly MemberView[]
}

/**
 * A partition: red walls between the groups of members, and across links with a cut in one
 * direction.
 */
export default function Walls({ layout, links, members }: WallsProps) {
  const partition = useRun((state) => state.partition)
  const { cuts, since } = useRun((state) => state.network)
  if (partition === null && cuts.length === 0) return null
  const { columns } = layout
  const started = members.filter(({ status }) => !status.startsWith('unstarted'))
  const names = started.map(({ name }) => name)
  const around = layout.members.around
    .flatMap((i) => members[i]?.name ?? [])
    .filter((name) => names.includes(name))
  const walls = partition === null ? [] : wallsOf(around, partition, links)
  const clientWalls = partition === null ? [] : clientWallsOf(partition, names, links)
  return (
    <svg className="walls" width={columns.width} height={columns.height} aria-hidden="true">
      {[...walls, ...clientWalls].map((wall) => (
        <path key={wallPath(wall)} className="wall" d={wallPath(wall)} />
      ))}
      {since !== null &&
        walls[0] &&
        layout.members.form !== 'tiny' &&
        layout.members.form !== 'line' && (
          <WallTime wall={walls[0]} at={since} boxes={layout.members.boxes} />
        )}
      {oneWaysOf(names, cuts, links).map(({ key, wall, arrow }) => (
        <g key={key}>
          <path className="wall" d={wallPath(wall)} />
          <path className="wall-open" d="M-7-5 5 0 -7 5" transform={arrow} />
        </g>
      ))}
    </svg>
  )
}

/** The time of the cut, at the upper end of the wall and away from the cards. */
function WallTime({ wall, at, boxes }: { wall: Wall; at: number; boxes: readonly Rect[] }) {
  const end = wall.reduce((upper, point) => (point.y < upper.y ? point : upper))
  const y = Math.max(40, end.y - 8)
  return (
    <text
      className="stage-text wall-time halo"
      x={placeBetween(boxes, end.x, y, WALL_TIME / 2)}
      y={y}
      textAnchor="middle"
    >
      cut at {clockText(at)} s
    </text>
  )
}

/**
 * A wall across a link with a cut in one direction. The wall is near the unreachable end, with an
 * arrow in the open direction.
 */
function oneWaysOf(
  names: string[],
  cuts: { from: string[]; to: string[] }[],
  links: Map<string, Link>,
): { key: string; wall: Wall; arrow: string }[] {
  return names.flatMap((from) =>
    names.flatMap((to) => {
      const link = links.get(`${from} ${to}`)
      if (link === undefined || !isSilenced(cuts, from, to)) return []
      const [wall, arrow] = [
        wallAcross({ from: pointAt(link, 0.36), to: link.to }),
        pointAt(link, 0.5),
      ]
      const angle = (Math.atan2(link.from.y - link.to.y, link.from.x - link.to.x) * 180) / Math.PI
      const turned = `translate(${arrow.x.toFixed(1)} ${arrow.y.toFixed(1)}) rotate(${angle.toFixed(0)})`
      // A link with cuts in both directions has no arrow.
      return [
        {
          key: `${from} ${to}`,
          wall,
          arrow: isSilenced(cuts, to, from) ? `${turned} scale(0)` : turned,
        },
      ]
    }),
  )
}

/** The walls between the groups. `names` are in their order around the cluster. */
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

/** Walls between a client and the member that the client talks to. */
function clientWallsOf(partition: string[][], members: string[], links: Map<string, Link>): Wall[] {
  const clients = partition.flat().filter((name) => !members.includes(name))
  return clients.flatMap((client) => {
    const member = members.find((name) => links.has(`${client} ${name}`))
    const link = member === undefined ? undefined : links.get(`${client} ${member}`)
    return member !== undefined && link && isCut(partition, client, member)
      ? [wallAcross(link)]
      : []
  })
}
