import { useMemo, useState } from 'react'
import { columnTitles, kindOf } from '../../draw/stage-cast'
import { layoutStage } from '../../draw/stage-layout'
import type { StageSize } from '../../draw/stage-shapes'
import { WhatIf } from '../menus/what-if'
import { useRun, useUi } from '../parts/app-context'
import { lazyComponent, Part } from '../parts/lazy-part'
import { EMBEDDED_PHONE, PHONE, useMedia } from '../parts/media'
import { useMoment } from '../parts/moment'
import { useSize } from '../parts/size'
import { boxStyle } from './box'
import { ClientCard } from './client-card'
import { ClientCount, ClientRow } from './client-rows'
import { KeyTag, LockLine, stringOf } from './keys'
import { LinkMarks, useLinkMarks } from './link-marks'
import { MemberCard } from './member-card'
import { AgreeTitle } from './network-note'
import { Patterns } from './patterns'
import { StorageCard } from './storage-card'
import { Truth } from './truth'
import { type Cast, useCast, useCells, useLinks, useObstacles } from './use-stage'
import { Wires, wiresOf } from './wires'
import './stage.css'

// Parts that most visits do not show load on first use.
const cells = lazyComponent('The leases', () => import('./cells'))
const compareStage = lazyComponent('The comparison', () => import('./compare'))
const walls = lazyComponent('The walls of the network', () => import('./walls'))
const lockForm = lazyComponent('The form', () => import('./lock-form'))
const ttlForm = lazyComponent('The form', () => import('./ttl-form'))
const answerMarks = lazyComponent('The marks of the answers', () => import('./answer-marks'))
const flights = lazyComponent('The messages under way', async () => ({
  default: (await import('./flights')).Flights,
}))
// The messages load in the background, and the first paint does not wait.
void flights.get().catch(() => {})
const phoneStage = lazyComponent('The stage', () => import('./phone'))
const presentStage = lazyComponent('The stage', () => import('./present-stage'))

/** The stage: the beliefs of the clients, the agreement of the members, and the truth. */
export function Stage() {
  const embedded = useUi((state) => state.embedded)
  const phone = useMedia(embedded ? EMBEDDED_PHONE : PHONE)
  const ready = useRun((state) => state.ready)
  const present = useUi((state) => state.present)
  const compare = useRun((state) => (present ? null : state.compare))
  const form = useUi((state) => (present ? null : (state.form?.tab ?? null)))
  const asksWhich = useRun((state) => !present && state.story?.ask?.kind === 'which')
  const cast = useCast()
  useCells(cast.cells)
  const { ref, size } = useSize()
  return (
    <div className="stage" ref={ref}>
      <Patterns />
      {compare !== null && (
        <>
          <Part of={compareStage} props={{ compare }} />
          {!phone && (
            <div className="stage-what-if">
              <WhatIf />
            </div>
          )}
        </>
      )}
      {compare === null &&
        form !== null &&
        (form === 'lock' ? (
          <Part of={lockForm} props={{ cast }} />
        ) : (
          <Part of={ttlForm} props={{}} />
        ))}
      {compare === null &&
        form === null &&
        ready &&
        size.width > 0 &&
        (present && !phone ? (
          <Part of={presentStage} props={{ cast, size }} />
        ) : phone ? (
          <Part of={phoneStage} props={{ cast, width: size.width }} />
        ) : (
          <WideStage cast={cast} size={size} />
        ))}
      {compare === null && asksWhich && <Part of={answerMarks} props={{ cast, size }} />}
    </div>
  )
}

function WideStage({ cast, size }: { cast: Cast; size: StageSize }) {
  const { clients, members, leases, keys, locks, storage, cells: hasCells } = cast
  const [looked, setLooked] = useState<string | null>(null)
  const isCutUp = useRun((state) => state.partition !== null || state.network.cuts.length > 0)
  const loose = keys.filter(
    (key) => key.lease === null && (key.gone === null || key.gone.lease === null),
  )
  const free = locks.filter(({ holder }) => holder === null || holder.lease === null)
  const kinds = clients.map(kindOf).join(' ')
  const shape = leases.map(({ state }) => (state === 'gone' ? '-' : '+')).join('')
  const [writes, hasLoose, count] = [
    storage === null ? null : storage.writes.length,
    loose.length + free.length > 0,
    members.length,
  ]
  const layout = useMemo(
    () =>
      layoutStage({
        size,
        clients: kinds === '' ? [] : (kinds.split(' ') as ReturnType<typeof kindOf>[]),
        members: count,
        leases: [...shape].map((sign) => ({ live: sign === '+' })),
        cells: hasCells,
        writes,
        loose: hasLoose,
      }),
    [size, kinds, count, shape, hasCells, writes, hasLoose],
  )
  const { truth } = layout
  const links = useLinks(clients, members, layout)
  const writers = storage?.writers.join(' ') ?? ''
  const drawn = useMemo(
    () => wiresOf(clients, members, writers.split(' '), links, looked),
    [clients, members, writers, links, looked],
  )
  const { cards, names } = useObstacles(layout, members)
  const marks = useLinkMarks(drawn, names, cards)
  const taken = useMemo(() => [...cards, ...marks.map(({ label }) => label.box)], [cards, marks])
  const strings = useMoment((now) =>
    leases.map((lease) => stringOf(lease, keys, now)).join(' '),
  ).split(' ')
  const counted =
    members.length === 1 &&
    leases.length === 1 &&
    leases[0]?.state !== 'gone' &&
    leases[0]?.deadline != null
  const titles = columnTitles(
    clients,
    members.length,
    layout.columns.truth - layout.columns.agree < 220,
    hasCells,
  )
  const starts = [layout.columns.believe, layout.columns.agree, layout.columns.truth]
  return (
    <>
      <Wires
        layout={layout}
        links={links}
        drawn={drawn}
        marked={new Set(marks.map(({ name }) => name))}
        clients={clients}
        members={members}
        strings={strings}
        counted={counted}
      />
      {titles.map((title, i) => {
        const [left, top] = [(starts[i] ?? 0) + size.margin, size.height < 290 ? 12 : 16]
        if (i === 1)
          return (
            <AgreeTitle
              key={starts[i]}
              title={title}
              left={left}
              top={top}
              width={layout.columns.truth - left - size.margin}
            />
          )
        return (
          <h2 key={starts[i]} className="column-title" style={{ left, top }}>
            {title}
          </h2>
        )
      })}
      <div className="stage-what-if">
        <WhatIf />
      </div>
      {layout.clients.form === 'count' && layout.clients.boxes[0] ? (
        <ClientCount clients={clients} box={layout.clients.boxes[0]} />
      ) : (
        clients.map((client, i) => {
          const box = layout.clients.boxes[i]
          if (!box) return null
          if (layout.clients.form === 'rows')
            return <ClientRow key={client.id} client={client} box={box} />
          return (
            <ClientCard
              key={client.id}
              client={client}
              density={layout.clients.density}
              box={box}
            />
          )
        })
      )}
      {members.map((member, i) => {
        const box = layout.members.boxes[i]
        return (
          box && (
            <MemberCard
              key={member.id}
              member={member}
              form={layout.members.form}
              box={box}
              onLook={setLooked}
            />
          )
        )
      })}
      {truth.form === 'cells' ? (
        <Part of={cells} props={{ box: truth.area }} />
      ) : (
        <Truth layout={truth} leases={leases} keys={keys} locks={locks} />
      )}
      {truth.loose && (
        <div className="loose" style={boxStyle(truth.loose)}>
          {free.map((lock) => (
            <LockLine key={lock.name} lock={lock} />
          ))}
          {loose.slice(0, 3).map((row) => (
            <KeyTag key={row.key} row={row} token={false} width={180} />
          ))}
          {loose.length > 3 && (
            <span className="small muted">and {loose.length - 3} more on no lease</span>
          )}
        </div>
      )}
      {storage && truth.storage && <StorageCard storage={storage} box={truth.storage} />}
      {isCutUp && <Part of={walls} props={{ layout, links, members }} />}
      <LinkMarks marks={marks} width={size.width} height={size.height} />
      <Part
        of={flights}
        props={{ links, members, taken, width: size.width, height: size.height }}
      />
    </>
  )
}
