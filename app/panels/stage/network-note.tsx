import { quorumWords, troubleWords } from '../../draw/network-words'
import { quorumOf } from '../../draw/quorum'
import { useRun } from '../parts/app-context'

/** The least width of a readable note, in pixels. */
const LEAST = 90

interface TitleProps {
  title: string
  /** The column between its margins, in pixels of the stage. */
  left: number
  width: number
  top: number
}

/**
 * The title of the members' column. Beside the title is a note: trouble in the network and the
 * number of members that must agree. Without room for both, trouble replaces the title.
 */
export function AgreeTitle({ title, left, width, top }: TitleProps) {
  const { trouble, quorum, few } = useNetworkWords()
  const text = (few ? [quorum, ...trouble] : [...trouble, quorum]).filter(Boolean).join(' · ')
  // A character of 12 px is at most 6.4 px wide.
  const beside = width - title.length * 6.4 - 16
  const room = beside >= LEAST ? beside : few || trouble.length > 0 ? width : 0
  // In the title's place only the most important words fit.
  const first = room === width ? (few ? quorum : trouble.join(' · ')) : text
  return (
    <>
      <h2 className={room === width ? 'sr-only' : 'column-title'} style={{ left, top }}>
        {title}
      </h2>
      <p
        className={room > 0 ? 'column-title network-note' : 'sr-only'}
        role="status"
        title={text}
        data-bad={few || undefined}
        style={
          room > 0
            ? {
                left: left + width - room,
                width: room,
                top,
                textAlign: room === width ? 'left' : 'right',
              }
            : undefined
        }
      >
        {first}
        <span className="sr-only">{text.replace(first, '')}</span>
      </p>
    </>
  )
}

/** The same note on a phone, as a row that appears when there is trouble. */
export function NetworkRow() {
  const { trouble, quorum, few } = useNetworkWords()
  return (
    <p className="phone-network small" role="status">
      {[...(few ? [quorum] : []), ...trouble].join(' · ')}
    </p>
  )
}

export function useNetworkWords(): { trouble: string[]; quorum: string; few: boolean } {
  const members = useRun((state) => state.members)
  const partition = useRun((state) => state.partition)
  const network = useRun((state) => state.network)
  const uncounted = useRun((state) => state.nobodyCounts)
  const quorum = quorumOf(members)
  return {
    trouble: [
      ...troubleWords(partition, network),
      ...(uncounted ? ['no primary counts the leases'] : []),
    ],
    quorum: quorum.voters > 1 ? quorumWords(quorum) : '',
    few: quorum.running < quorum.needed,
  }
}
