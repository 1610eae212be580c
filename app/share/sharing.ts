// Runs that come in and go out: by link, by file, by drop or paste. The worker reads incoming runs
// and refuses invalid ones with the place. The page does not change before the worker reports that
// the run is open.

import type {
  CutShort,
  Shared,
  ShareForm,
  Shortfall,
  ToWorker,
  View,
} from '../../engine/worker/protocol'
import { PartError, part } from '../bridge/parts'
import type { Commands } from '../commands/commands'
import { readLessonAddress } from '../scene/lessons'
import { loadCatalogue } from '../scene/load-catalogue'
import type { PrefsStore } from '../store/prefs'
import type { RunStore } from '../store/run'
import { firstTimeline, notify, type UiState, type UiStore, withdraw } from '../store/ui'
import { cutShortText, shortfallText } from './cut-short'

/** A link with more characters is cut off somewhere on its way: a file is saved instead. */
export const LONGEST_LINK = 6000
/** The maximum of characters of a file. */
const LONGEST_FILE = 16 * 1024 * 1024

export interface SharingParts {
  run: RunStore
  ui: UiStore
  prefs: PrefsStore
  commands: Commands
  send(message: ToWorker): void
  /** Whether it succeeded. */
  copy(text: string): Promise<boolean>
  save(name: string, text: string, type: string): void
  /** The page's own address, without the part from # on. */
  address(): string
}

const loadCodec = part(() => import('./codec'))
const loadLines = part(() => import('./embed-lines'))

export type Sharing = ReturnType<typeof createSharing>

/** The message that opens a link's run, or the reason why it cannot be opened. */
export type Prepared =
  | { ok: true; open(): void; message?: ToWorker }
  | { ok: false; reason: string }

export function createSharing({
  run,
  ui,
  prefs,
  commands,
  send,
  copy,
  save,
  address,
}: SharingParts) {
  function view(): View {
    const { panel, timeline, scenario } = ui.getState()
    const spacing = timeline.spacing ?? prefs.getState().spacing
    const { compare } = run.getState()
    return {
      ...(panel === null || panel === 'why' || panel === 'stops' ? {} : { panel }),
      ...(timeline.mode === 'rows' ? {} : { timeline: timeline.mode }),
      ...(spacing === 'true' ? {} : { spacing }),
      ...(scenario === null ? {} : { story: scenario.name }),
      ...(compare === null ? {} : { compare: compare.with }),
    }
  }
  /** The number of opened runs: a late answer for one of them does not concern the next. */
  let opens = 0
  async function nameStory(name: string): Promise<void> {
    const mine = opens
    const { catalogue } = await loadCatalogue().catch(() => ({ catalogue: [] }))
    const scenario = catalogue.find((each) => each.name === name)
    // A run that began here meanwhile is not foreign.
    const { foreign, scenario: other } = ui.getState()
    if (scenario && mine === opens && foreign !== null && other === null) ui.setState({ scenario })
  }
  function saveAs(ending: string, text: string, type: string): void {
    const { seed, now } = run.getState()
    save(`leasescope-seed-${seed ?? 1}-at-${(now / 1000).toFixed(1)}s.${ending}`, text, type)
  }
  /**
   * The requests to share that the worker has not answered yet, in order. Null: the reader copies
   * or saves the result.
   */
  let wanted: (((hash: string | null) => void) | null)[] = []
  function ask(form: ShareForm, taken: ((hash: string | null) => void) | null): void {
    const { opened, stopped } = run.getState()
    // No worker would answer.
    if (opened === 0 || stopped !== null) return taken?.(null)
    wanted.push(taken)
    send({ type: 'share', form, view: view() })
  }
  /** The part from # on of the run's link; null without a link, which the page reports. */
  const hashOf = (): Promise<string | null> => new Promise((resolve) => ask('link', resolve))
  /** Runs a job of a page part with a link; a part that does not load is a reason. */
  async function withPart<T>(job: () => Promise<T>): Promise<T | null> {
    try {
      return await job()
    } catch (error) {
      if (!(error instanceof PartError)) throw error
      commands.refuse(
        `the link: a part of the page that makes it did not load (${error.message}). Try again.`,
      )
      return null
    }
  }
  async function deliverLink(
    { text, plain }: Shared,
    taken: ((hash: string | null) => void) | null,
  ): Promise<void> {
    let hash: string | null = null
    try {
      hash =
        plain === null
          ? await withPart(async () => `#r1.${await (await loadCodec()).packed(text)}`)
          : `#r1?${plain}`
    } finally {
      taken?.(hash)
    }
    if (taken !== null || hash === null) return
    const link = address() + hash
    if (link.length > LONGEST_LINK) {
      saveAs('json', text, 'application/json')
      commands.notice(
        `The link has ${link.length} characters (at most ${LONGEST_LINK}). The run was saved as a file.`,
      )
    } else if (await copy(link)) commands.notice('Link copied')
    else ui.setState({ recordingText: link })
  }
  /**
   * The shared form in which the run on the page, or the next one, came; null for a run that began
   * here.
   */
  let origin: ToWorker | null = null
  let coming: { message: ToWorker; by: UiState['foreign'] } | null = null
  function take(message: ToWorker, by: UiState['foreign']): void {
    coming = { message, by }
    send(message)
  }
  const opening = (message: ToWorker): Prepared => ({
    ok: true,
    open: () => take(message, 'link'),
    message,
  })

  /**
   * The request of a link, from its # on; null for an address that is not a link, such as a place
   * on this page. A part that does not load is a reason.
   */
  async function prepare(hash: string): Promise<Prepared | null> {
    try {
      return await read(hash)
    } catch (error) {
      if (!(error instanceof PartError)) throw error
      return {
        ok: false,
        reason: `the link: a part of the page that reads it did not load (${error.message}). Open the link again.`,
      }
    }
  }
  async function read(hash: string): Promise<Prepared | null> {
    if (hash.startsWith('#r1?'))
      return opening({ type: 'open-shared', text: hash.slice(4), form: 'plain' })
    if (hash.startsWith('#r1.')) {
      const result = await (await loadCodec()).unpacked(hash.slice(4))
      return result.ok ? opening({ type: 'open-shared', text: result.text, form: 'json' }) : result
    }
    const { address: place, stop } = readStop(hash)
    const atStop = () => {
      if (stop !== null) send({ type: 'seek-stop', stop })
    }
    if (place.startsWith('#scenario/')) {
      const wanted = place.slice('#scenario/'.length)
      const { catalogue } = await loadCatalogue()
      const scenario = catalogue.find(({ name }) => name === wanted)
      return scenario
        ? {
            ok: true,
            open() {
              commands.openStory(scenario)
              atStop()
            },
          }
        : {
            ok: false,
            reason: `the link: no story has the name ${JSON.stringify(wanted.slice(0, 80))}`,
          }
    }
    const lesson = readLessonAddress(place)
    if (lesson !== null)
      return { ok: true, open: () => void commands.openStep(lesson).then(atStop) }
    if (hash.startsWith('#lesson/'))
      return {
        ok: false,
        reason: `the link: there is no lesson step ${JSON.stringify(hash.slice(8, 60))}`,
      }
    const version = /^#r(\d+)[.?]/.exec(hash)
    if (version) return { ok: false, reason: `the link: expected version 1 (got ${version[1]})` }
    if (/^#[\w-]*$/.test(hash) || hash === '') return null
    return {
      ok: false,
      reason: `the link: expected #r1? or #r1. and a run, or #scenario/ and a name (got ${JSON.stringify(hash.slice(0, 40))})`,
    }
  }

  function open(prepared: Prepared): void {
    if (prepared.ok) prepared.open()
    else commands.refuse(prepared.reason)
  }

  return {
    view,
    prepare,
    open,
    address,
    share: (form: ShareForm): void => ask(form, null),
    /**
     * The address of the current run; null if the worker refuses or ends, or if a part of the page
     * does not load.
     */
    async link(): Promise<string | null> {
      const hash = await hashOf()
      return hash === null ? null : address() + hash
    },
    /** Copies the lines of HTML that show the current run in another page. */
    async copyEmbed(): Promise<void> {
      const hash = await hashOf()
      const part = hash === null ? null : await withPart(loadLines)
      if (hash === null || part === null) return
      const lines = part.embedLines(
        address(),
        hash,
        ui.getState().scenario?.title ?? 'A run of etcd',
      )
      if (await copy(lines)) commands.notice('Lines of HTML copied')
      else ui.setState({ recordingText: lines })
    },
    /** The worker's answer to that. */
    async deliver(shared: Shared): Promise<void> {
      const taken = wanted.shift() ?? null
      switch (shared.form) {
        case 'link':
          return deliverLink(shared, taken)
        case 'file':
          saveAs('json', shared.text, 'application/json')
          return commands.notice('Saved as a file')
        case 'trace':
          saveAs('trace.txt', shared.text, 'text/plain')
          return commands.notice('Text trace saved')
        case 'etcdctl':
          saveAs('sh', shared.text, 'text/x-shellscript')
          return commands.notice('etcdctl script saved')
      }
    },
    /** The worker refused something; returns whether that was a request to share the run. */
    refused(why: string): boolean {
      if (!why.startsWith('share: ')) return false
      commands.refuse(why.slice('share: '.length))
      wanted.shift()?.(null)
      return true
    },
    /** The worker ended or the run stopped: its pending answers do not come. */
    lost(): void {
      const all = wanted
      wanted = []
      for (const taken of all) taken?.(null)
    },
    /** Another run is open, at its cursor unless it is cut short, and paused. */
    opened(view: View, wasHandedOn: boolean, cutShort: CutShort | null = null): void {
      const by = coming?.by ?? 'link'
      if (wasHandedOn) origin = coming?.message ?? null
      coming = null
      withdraw(ui, 'short')
      if (cutShort !== null) notify(ui, { kind: 'short', text: cutShortText(cutShort) })
      const { panel, timeline, spacing, story } = upToDate(view)
      opens++
      run.setState({ stopped: null })
      ui.setState({
        scenario: null,
        lesson: null,
        numbers: 0,
        form: null,
        labRun: null,
        foreign: by,
        trying: false,
        brought: true,
        worked: false,
        gesture: null,
        refused: null,
        panel: panel ?? null,
        timeline: { ...firstTimeline, mode: timeline ?? 'rows', spacing: spacing ?? null },
        lease: null,
        client: null,
        answer: null,
      })
      commands.lookAtLog('tail')
      if (wasHandedOn && story !== undefined) void nameStory(story)
    },
    /** A run was not played as far as requested, or a step found nothing. */
    fellShort(shortfall: Shortfall): void {
      const text = shortfallText(shortfall)
      if (shortfall.what === 'difference' || shortfall.what === 'stop') return commands.notice(text)
      // The run is not as it was left.
      if (shortfall.what === 'future') withdraw(ui, 'restored')
      notify(ui, { kind: 'short', text })
    },
    /** A kept run began with this part of the address from # on. */
    async beganWith(hash: string): Promise<void> {
      const prepared = await prepare(hash)
      origin = prepared?.ok ? (prepared.message ?? null) : null
    },
    /** From its start again: a shared run as it came, otherwise the run that began here. */
    startOver(): void {
      if (ui.getState().trying) return commands.tryStops()
      if (origin && ui.getState().foreign) take(origin, ui.getState().foreign)
      else commands.startOver()
    },
    /**
     * Opens the run of the address, or the opening for an empty one; resolves to false if it is
     * refused at once.
     */
    async follow(hash: string): Promise<boolean> {
      const prepared = await prepare(hash)
      if (prepared) open(prepared)
      else commands.openOpening()
      return prepared?.ok ?? true
    },
    /** A pasted recording, or a pasted link to one. */
    async openText(text: string): Promise<void> {
      const trimmed = text.trim()
      const hash = linkIn(trimmed)
      const prepared = hash === null ? null : await prepare(hash)
      if (prepared) open(prepared)
      else if (trimmed.length > LONGEST_FILE)
        commands.refuse(`the text: at most ${LONGEST_FILE} characters (got ${trimmed.length})`)
      else take({ type: 'open-shared', text: trimmed, form: 'json' }, 'file')
    },
    async openFile(file: File): Promise<void> {
      if (file.size > LONGEST_FILE)
        commands.refuse(`${file.name}: at most ${LONGEST_FILE} bytes (got ${file.size})`)
      else take({ type: 'open-shared', text: await file.text(), form: 'json' }, 'file')
    },
  }
}

/** The view of a link from an earlier version in today's terms: its tab or pane is a panel now. */
export function upToDate({ tab, lab, ...view }: View): View {
  if (lab === 'diagram') return { timeline: 'space-time', ...view }
  const panel = lab ?? (tab === 'leases' ? undefined : tab)
  return panel === undefined ? view : { panel, ...view }
}

/**
 * An address may end with a stop of its story, counted from 1: `#scenario/NAME/2`,
 * `#lesson/NAME/STEP/2`. Null for an address without one.
 */
export function readStop(hash: string): { address: string; stop: number | null } {
  const [, address, stop] =
    /^(#scenario\/[^/]*|#lesson\/[^/]*\/[^/]*)\/([1-9]\d?)$/.exec(hash) ?? []
  return address === undefined ? { address: hash, stop: null } : { address, stop: Number(stop) - 1 }
}

/** The link in a pasted address, from its # on; null for other texts. */
export function linkIn(text: string): string | null {
  if (/\s/.test(text)) return null
  return /#(r\d+[.?]|scenario\/|lesson\/).*$/.exec(text)?.[0] ?? null
}

/** Whether a pasted text is a run to open, not text to type. */
export function looksLikeRun(text: string): boolean {
  const trimmed = text.trim()
  return (
    linkIn(trimmed) !== null ||
    (trimmed.startsWith('{') && trimmed.slice(0, 2000).includes('"leasescope"'))
  )
}
