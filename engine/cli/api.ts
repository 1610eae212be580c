// leasescope api: plays exchanges and prints the answers, as the recorded etcd gives them.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readEtcdVersion } from '../base/etcd-versions'
import { DEFAULT_CONFIG } from '../sim/command'
import { playExchange } from './exchange/player'
import { readExchange } from './exchange/read'

export const API_HELP = `leasescope api [--etcd V] FILE.json…
  Plays exchanges (recorded API calls; their answers are ignored) and prints one line of JSON for each:
  {"name", "steps": [{"response"} | {"error": {"code", "message"}} | {"none": true} | {}],
   "events": [{"at", "type"?, "kv", "prev_kv"?}], "streams"?: {NAME: [{"at", "response"} | {"at", "error"} | {"at", "end": true}]}}
  Steps answer the steps of the exchange, index by index. Events are those of a watch on all keys, in virtual ms after the start.
  Bytes are UTF-8 strings. An int64 is a number if it is safe, else a decimal string. Headers show only the revision.
  Fields with their default value are omitted. IDs of members are {m1}; lease IDs that a server chose are {l1}, in hex {L1}.
  A call costs 1 virtual ms each way. The form of exchanges: engine/test/recordings/README.md
  --etcd   the version that answers: 3.4, 3.5, 3.6 or 3.7 (3.4)`

/**
 * The subcommand. Returns the exit code of the process: 1 if a file cannot be played. The other
 * files are still played.
 */
export function api(
  args: string[],
  out: (text: string) => void,
  error: (text: string) => void,
): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      etcd: { type: 'string', default: DEFAULT_CONFIG.etcd },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    out(`${API_HELP}\n`)
    return 0
  }
  const etcd = readEtcdVersion(values.etcd, '--etcd')
  if (positionals.length === 0) throw new Error(`api takes exchanges\n${API_HELP}`)
  let exit = 0
  for (const file of positionals) {
    try {
      out(`${JSON.stringify(playExchange(readExchange(readFileSync(file, 'utf8')), { etcd }))}\n`)
    } catch (problem) {
      error(
        `leasescope api: ${file}: ${problem instanceof Error ? problem.message : String(problem)}\n`,
      )
      exit = 1
    }
  }
  return exit
}
