import type { CutShort, ToWorker } from '../../../engine/worker/protocol'
import type { Commands } from '../../commands/commands'
import { loadCatalogue } from '../../scene/load-catalogue'
import type { RunStore } from '../../store/run'
import { notify, type UiStore, withdraw } from '../../store/ui'
import type { Entries } from '../entries'
import { remember, whyForgetful } from '../flags'
import type { KeptRuns } from '../kept-runs'
import type { Sharing } from '../sharing'
import type { Shelf } from '../shelf'
import type { Turn } from '../turn'
import type { Visits } from '../visits'
import type { Input, Output, Pending } from './state'

/** Milliseconds between two saves of a run without acts, in which only time passes. */
const PAUSE_MS = 1000

export interface KeeperParts {
  run: RunStore
  ui: UiStore
  commands: Commands
  sharing: Sharing
  entries: Entries
  send(message: ToWorker): void
  runs(): Promise<KeptRuns>
  locks: LockManager | undefined
  /** No run has been opened yet. */
  isEmpty(): boolean
}

interface PerformParts extends Omit<KeeperParts, 'runs' | 'locks' | 'isEmpty'> {
  shelf: Shelf
  turn: Turn
  visits: Visits
  take(input: Input): void
}

export interface Performer {
  /** Executes an output of the machine; its answers are inputs. */
  perform(output: Output): void
  /** Resolves when the story of the kept run is known. */
  found(): Promise<void>
}

export function createPerformer({
  run,
  ui,
  commands,
  sharing,
  entries,
  send,
  shelf,
  turn,
  visits,
  take,
}: PerformParts): Performer {
  let timer: ReturnType<typeof setTimeout> | undefined
  let found: Promise<void> = Promise.resolve()

  function perform(output: Output): void {
    switch (output.do) {
      case 'send':
        return send(output.message)
      case 'wait':
        timer = setTimeout(() => take({ type: 'waited' }), PAUSE_MS)
        return
      case 'wait-no-more':
        return clearTimeout(timer)
      case 'notify':
        return notify(ui, output.notice)
      case 'withdraw':
        return withdraw(ui, ...output.kinds)
      case 'remember':
        return remember(output.key, output.value)
      case 'take-turn':
        return void turn.take().then((isMine) => take({ type: 'turn', isMine }))
      case 'steal-turn':
        return turn.steal()
      case 'release-turn':
        return turn.release()
      case 'lose-turn':
        return turn.lose()
      case 'put': {
        const { kept, known, instead, may } = output
        const mayReplace = (stamp: string | null) => may.any || stamp === may.seen
        return store(
          (all) => all.put(kept, { known, instead, mayReplace }),
          (put) => ({ type: 'put', put }),
        )
      }
      case 'put-aside':
        return store(
          (all) => all.putAside(output.stamp, output.whatever),
          (aside) => ({ type: 'aside', aside }),
        )
      case 'look':
        return store(
          (all) => all.current(),
          (kept) => ({ type: 'current', kept }),
        )
      case 'stored': {
        shelf.worked()
        const why = whyForgetful()
        if (why !== null) take({ type: 'blocked', why })
        return
      }
      case 'went':
        return shelf.went(output.gone)
      case 'offer':
        return shelf.offer({ ...output.left, stamp: '' })
      case 'find-story':
        found = findStory(output.what, output.name)
        return
      case 'show':
        return show(output.what, output.cutShort)
      case 'arrived':
        return entries.arrived()
      case 'visit':
        return visits.remember(output.about, output.tree)
      case 'reset':
        return run.setState({ stopped: null, playing: false, opened: 0 })
      case 'start-over':
        return commands.startOver()
      case 'refuse':
        return commands.refuse(output.why)
      case 'notify-earlier':
        return shelf.notifyEarlier(output.before)
      default:
        return output satisfies never
    }
  }

  /** Runs a job on the store, after all earlier ones. */
  function store<T>(job: (all: KeptRuns) => Promise<T>, answer: (result: T) => Input): void {
    let input: Input = { type: 'not-stored' }
    const done = shelf.enqueue(async (all) => {
      input = answer(await job(all))
    })
    void done.then(() => take(input))
  }
  async function findStory(what: Omit<Pending, 'scenario'>, name: string | null): Promise<void> {
    const scenario = name === null ? null : await storyOf(name)
    take({ type: 'send', what: { ...what, scenario } })
  }
  /** Returns the reader to their step of a lesson, and to its form. */
  function show(what: Pending, cutShort: CutShort | null): void {
    const { from, scenario, lesson, numbers, form, labRun, foreign, worked, view, hash } = what
    sharing.opened(view, false, cutShort)
    if (from !== 'crash') void sharing.beganWith(hash)
    ui.setState({ scenario, lesson, numbers, form, labRun, foreign, worked })
    if (view.compare !== undefined) commands.compare(view.compare)
  }
  return { perform, found: () => found }
}

/** The story of that name; null if the stories do not load, or if none has it. */
async function storyOf(name: string) {
  const { catalogue } = await loadCatalogue().catch(() => ({ catalogue: [] }))
  return catalogue.find((each) => each.name === name) ?? null
}
