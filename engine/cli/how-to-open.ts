// `leasescope/node`: the part of the package that needs Node.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '../cluster/cluster'
import { linkOf } from '../cluster/link'

/**
 * The command that opens the run of a cluster on the page, such as
 * `npx leasescope open '#r1?seed=1&…'`. A run that is too long for a link is written to a file, and
 * the command names it. Print it if a test fails.
 *
 * @param options `folder` takes the file (default: a new temporary folder)
 * @example
 * const etcd = new Cluster()
 * // Vitest: onTestFailed(() => console.log(howToOpen(etcd)))
 * etcd.grant(10)
 * expect(howToOpen(etcd)).toMatch(/^npx leasescope open '#r1\?seed=1&etcd=3\.6/)
 */
export function howToOpen(cluster: Cluster, options: { folder?: string } = {}): string {
  const run = cluster.toJSON()
  const link = linkOf(run)
  if (link !== null) return `npx leasescope open '${link}'`
  const { folder = mkdtempSync(join(tmpdir(), 'leasescope-')) } = options
  const file = join(folder, `leasescope-run-${run.check}.json`)
  writeFileSync(file, JSON.stringify(run))
  return `npx leasescope open '${file}'`
}
