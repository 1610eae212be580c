import { visible, visibleLine } from '../../../engine/text/visible'
import type { ClientView, LeaseRow, MemberView, StorageView } from '../../../engine/worker/protocol'
import { beliefState, beliefWords, heartbeatText, plainMain, shownBelief } from '../../draw/belief'
import { dialCaption } from '../../draw/dial'
import { clockText, listText } from '../../draw/figures'
import { giftOf, memberLabel, memberWords } from '../../draw/member-words'
import { libraryName } from '../../draw/notice'
import { programWindow } from '../../draw/program-lines'
import { rangeText } from '../../draw/stage-cast'
import { useRun } from '../parts/app-context'
import { Foreign } from '../parts/foreign'
import { Icon } from '../parts/icon'
import { useMoment } from '../parts/moment'
import { anchor } from './anchor'
import { BeliefRing } from './belief-ring'
import Cells from './cells'
import { DialOption, Dials } from './dial-option'
import { isOfLock, KeyTag, LockLine } from './keys'
import { roleIcons } from './member-card'
import { NetworkRow } from './network-note'
import { Silence } from './silence'
import { fateWord } from './storage-card'
import { NoLease, PutKey } from './truth'
import { useNotice } from './use-notice'
import { useSessions } from './use-sessions'
import type { Cast } from './use-stage'
import './phone.css'

/** The number of rows on a phone that leave the timeline in view. */
const MOST_CLIENTS = 4
const MOST_LEASES = 3
const MOST_KEYS = 4

/** The stage of a phone: belief, cluster and truth as rows. */
export default function PhoneStage({ cast, width }: { cast: Cast; width: number }) {
  const { clients, members, leases, cells, storage } = cast
  const lab = clients.some(({ program }) => program !== null)
  // Ended leases are shown only when no lease lives.
  const living = leases.filter(({ state }) => state !== 'gone')
  const shown = (living.length > 0 ? living : leases).slice(0, MOST_LEASES)
  return (
    <div className="phone-stage">
      {cells && clients.length > 1 ? (
        <CountRow clients={clients} />
      ) : (
        <ClientRows clients={clients} />
      )}
      {(members.length > 1 || !lab) && <MembersRow members={members} />}
      <NetworkRow />
      {cells ? (
        <div className="phone-row phone-cells">
          <Cells box={{ x: 16, y: 12, width: width - 32, height: 260 }} />
        </div>
      ) : leases.length === 0 ? (
        <div className="phone-row">
          <NoLease />
        </div>
      ) : (
        shown.map((lease) => <TruthRow key={lease.id} lease={lease} cast={cast} lab={lab} />)
      )}
      {storage !== null && <StorageRow storage={storage} />}
    </div>
  )
}

function ClientRows({ clients }: { clients: readonly ClientView[] }) {
  return (
    <>
      {clients
        .slice(0, MOST_CLIENTS)
        .map((client) =>
          client.program === null ? (
            <BeliefRow key={client.id} client={client} />
          ) : (
            <ProgramRow key={client.id} client={client} />
          ),
        )}
      {clients.length > MOST_CLIENTS && (
        <p className="phone-row muted">and {clients.length - MOST_CLIENTS} more clients</p>
      )}
    </>
  )
}

/** With more leases than dials, one row shows the number of clients and of kept leases. */
function CountRow({ clients }: { clients: readonly ClientView[] }) {
  const kept = clients.reduce(
    (sum, { sessions }) =>
      sum + sessions.filter(({ heartbeat, lost }) => heartbeat && !lost).length,
    0,
  )
  return (
    <div className="phone-row">
      <span className="phone-label">
        clients
        <br />
        believe
      </span>
      <p className="phone-words">
        <b>{rangeText(clients.map(({ id }) => id))}</b>, {clients.length} clients
        <br />
        <span className="small muted">{kept} leases kept alive</span>
      </p>
    </div>
  )
}

function BeliefRow({ client }: { client: ClientView }) {
  const belief = shownBelief(useSessions(client))
  const state = useMoment((now) => (belief === null ? null : beliefState(belief, client, now)))
  const entry = useRun(
    (run) => run.console.findLast(({ terminal }) => terminal === client.id) ?? null,
  )
  const words = belief !== null && state !== null ? beliefWords(belief, state, client) : null
  const kept = client.sessions
    .filter(({ heartbeat, lost }) => heartbeat && !lost)
    .map(({ name }) => name)
  const terminal = client.kind === 'terminal'
  const library = libraryName(client)
  const notice = useNotice(client, belief, false)
  return (
    <section
      {...anchor(
        `client ${client.id}`,
        [`Client ${visible(client.id)}`, library, words?.head, notice].filter(Boolean).join(', '),
      )}
      className="phone-row"
    >
      <span className="phone-label">
        <Foreign text={client.id} />
        <br />
        {library ?? (terminal ? 'knows' : 'believes')}
      </span>
      {belief !== null && state !== null && words !== null ? (
        <>
          <BeliefRing
            belief={belief}
            state={state}
            size={56}
            frozenAt={client.state === 'paused' ? client.since : null}
          />
          <div className="phone-words">
            <p className="belief-main-phone">{plainMain(words, state)}</p>
            <p className="small muted">
              {notice ||
                (state === 'holds' ? heartbeatText(belief, client.state, false) : words.note)}
            </p>
          </div>
        </>
      ) : (
        <div className="phone-words">
          {entry !== null && <code>{visibleLine(entry.line)}</code>}
          <p className="small muted">{withoutBelief(client, kept)}</p>
        </div>
      )}
    </section>
  )
}

/** The words of a client without a belief. */
function withoutBelief({ state, kind }: ClientView, kept: readonly string[]): string {
  if (state === 'down') return 'its process is down'
  if (kind !== 'terminal') return 'has no lease'
  return kept.length === 0 ? 'keeps nothing alive' : `keeps ${listText(kept)} alive`
}

/** A client with a program, as one row with the current line. */
function ProgramRow({ client }: { client: ClientView }) {
  const belief = shownBelief(useSessions(client))
  const state = useMoment((now) => (belief === null ? null : beliefState(belief, client, now)))
  const words = belief !== null && state !== null ? beliefWords(belief, state, client) : null
  const program = client.program
  const library = libraryName(client)
  const notice = useNotice(client, belief, true)
  const [line] = program === null ? [] : programWindow(program.source, program.line, 1, 34)
  const since = program?.sectionSince
  const corner =
    client.state === 'paused'
      ? `frozen at ${clockText(client.since)}`
      : client.state === 'down'
        ? 'down'
        : since != null
          ? `inside since ${clockText(since)}`
          : ''
  return (
    <section
      {...anchor(
        `client ${client.id}`,
        [`Client ${visible(client.id)}`, library, words?.head, notice, corner]
          .filter(Boolean)
          .join(', '),
      )}
      className="phone-row"
      data-state={client.state}
    >
      <b className="phone-name">{visible(client.id)}</b>
      {belief !== null && state !== null && (
        <BeliefRing
          belief={belief}
          state={state}
          size={48}
          frozenAt={client.state === 'paused' ? client.since : null}
        />
      )}
      <div className="phone-words">
        <p className="phone-line">
          <b className={state === 'acts' ? 'bad' : undefined}>{words?.brief ?? 'has no lease'}</b>
          <span className="small muted">{library === null || notice === '' ? corner : notice}</span>
        </p>
        {line !== undefined && (
          <p className="small muted phone-code">
            {library !== null && `${library} · `}
            <code>
              <span className="phone-number">{line.number}</span> {line.text}
            </code>
          </p>
        )}
      </div>
    </section>
  )
}

function MembersRow({ members }: { members: readonly MemberView[] }) {
  return (
    <div className="phone-row">
      <span className="phone-label">
        members
        <br />
        agree
      </span>
      <div className="phone-members">
        {members.map((member) => (
          <PhoneMember key={member.name} member={member} voters={members.length} />
        ))}
      </div>
    </div>
  )
}

function PhoneMember({ member, voters }: { member: MemberView; voters: number }) {
  const words = memberWords(member, voters)
  const icon = roleIcons[words.look]
  return (
    <section
      {...anchor(`member ${member.name}`, memberLabel(member, words, ''))}
      className="phone-member"
      data-look={words.look}
    >
      <p>
        <b>{member.name}</b>
        {icon !== null && <Icon name={icon} small />}
      </p>
      {member.silentSince === null ? (
        <span className="small muted">{words.brief}</span>
      ) : (
        <Silence member={member} since={member.silentSince} width={64} words={false} />
      )}
    </section>
  )
}

function TruthRow({ lease, cast, lab }: { lease: LeaseRow; cast: Cast; lab: boolean }) {
  const { keys, locks, members } = cast
  const caption = useMoment((now) => dialCaption(lease, now, false, giftOf(lease, cast.members)))
  const mine = keys.filter((key) => key.lease === lease.id || key.gone?.lease === lease.id)
  const held = locks.filter(({ holder }) => holder?.lease === lease.id)
  const primary = members.find((member) => member.primary)
  const counted =
    primary === undefined || lease.state === 'gone'
      ? ''
      : `, counted by ${primary.name}, leader of term ${primary.term}`
  return (
    <div className="phone-row">
      {!lab && (
        <span className="phone-label">
          is
          <br />
          true
        </span>
      )}
      <Dials name={`Lease ${lease.name}`}>
        <DialOption
          lease={lease}
          r={30}
          gift={giftOf(lease, members)}
          stop
          style={{ position: 'relative', width: 60, height: 60 }}
        />
      </Dials>
      <div className="phone-words">
        {held.map((lock) => (
          <LockLine key={lock.name} lock={lock} />
        ))}
        <p className={held.length > 0 ? 'small muted' : undefined}>
          <b>{lease.name}</b> <span className="muted">{caption}</span>
          {held.length > 0 && counted}
        </p>
        {held.length === 0 && (
          <p className="phone-keys">
            {mine.slice(0, MOST_KEYS).map((row) => (
              <KeyTag key={row.key} row={row} token={isOfLock(row.key, locks)} width={150} />
            ))}
            {mine.length > MOST_KEYS && (
              <span className="small muted">and {mine.length - MOST_KEYS} more</span>
            )}
          </p>
        )}
        {held.length === 0 && lease.keyCount === 0 && lease.state !== 'gone' && (
          <PutKey lease={lease} />
        )}
      </div>
    </div>
  )
}

function StorageRow({ storage: { checks, writes } }: { storage: StorageView }) {
  const [last] = writes
  return (
    <div className="phone-row phone-storage">
      <Icon name="storage" />
      <p className="phone-words">
        <b>storage</b>{' '}
        <span className="small muted">{checks ? 'checks tokens' : 'no token check'}</span>
      </p>
      {last !== undefined && (
        <p>
          <code>{visible(last.value)}</code>{' '}
          <b className={!last.taken || last.stale ? 'bad' : 'good'}>{fateWord(last)}</b>
        </p>
      )}
    </div>
  )
}
