import { unreachable } from '../base/assert'
import { hash } from '../base/hash'
import { etcdctlScript } from '../replay/etcdctl-script'
import { plainLink } from '../replay/plain-link'
import type { RunTree } from '../replay/run-tree'
import { sharedRun } from '../replay/shared-run'
import type { Timeline } from '../replay/timeline'
import type { View } from '../replay/view'
import { traceText } from '../text/describe'
import type { OpenRun } from './open-run'
import type { Exported, ExportedTree, Shared, ShareForm } from './protocol'

/** The recording of a branch, with a hash to compare two runs. */
export function exported(run: Timeline): Exported {
  return {
    type: 'exported',
    recording: run.recording(),
    events: run.trace.length,
    traceHash: hash(JSON.stringify(run.trace)),
  }
}

/** The run with all its branches, as this browser keeps it. */
export function exportedTree({ kept, opened }: OpenRun): ExportedTree {
  return { type: 'exported-tree', tree: kept.save(true), opened }
}

/**
 * The run in one of its export forms. The file is indented for people; the caller compresses the
 * link's text.
 */
export function exportedAs(
  tree: RunTree,
  form: ShareForm,
  view: View,
): Pick<Shared, 'text' | 'plain'> {
  switch (form) {
    case 'link': {
      const run = sharedRun(tree, view)
      return { text: JSON.stringify(run), plain: plainLink(run) }
    }
    case 'file':
      return { text: `${JSON.stringify(sharedRun(tree, view), null, 2)}\n`, plain: null }
    case 'trace':
      return { text: traceText(tree.timeline.trace), plain: null }
    case 'etcdctl':
      return { text: etcdctlScript(tree.timeline), plain: null }
    default:
      return unreachable(form)
  }
}
