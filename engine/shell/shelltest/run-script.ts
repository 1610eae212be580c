import type { Bytes } from '../../base/rpc'
import type { MachineOutput, ShellConfig, World } from '../kernel'
import { Machine } from '../machine'

/** What a script printed, and how long it took. */
export interface Ran {
  stdout: Bytes
  stderr: Bytes
  exit: number
  /** Virtual ms. */
  ms: number
}

const ENVIRONMENT = [
  { name: 'HOME', value: '/root' },
  { name: 'PATH', value: '/usr/local/bin:/usr/bin:/bin' },
]
/** Virtual ms after which a script that still runs is left. */
const LIMIT_MS = 3_600_000

/** Runs a script on virtual time, without a host: for tests, and for what needs no etcd. */
export function runScript(source: Bytes, config: Partial<ShellConfig> = {}): Ran {
  const machine = new Machine({
    interactive: false,
    name: 'bash',
    environment: ENVIRONMENT,
    ...config,
  })
  let now = 0
  const world = (): World => ({ now, hasProgram: () => false, readsInput: () => false })
  const ran: Ran = { stdout: '', stderr: '', exit: 0, ms: 0 }
  const timers: { at: number; pid: number }[] = []
  let ended = false
  const take = (outputs: readonly MachineOutput[]) => {
    for (const output of outputs) {
      if (output.type === 'print') ran[output.stream] += output.bytes
      if (output.type === 'timer') timers.push(output)
      if (output.type === 'ended') {
        ended = true
        ran.exit = output.exit
        ran.ms = now
      }
    }
  }
  take(machine.step({ type: 'run', source }, world()))
  while (timers.length > 0 && now <= LIMIT_MS) {
    const [next] = timers.sort((a, b) => a.at - b.at).splice(0, 1)
    now = Math.max(now, next!.at)
    take(machine.step({ type: 'timer', pid: next!.pid }, world()))
  }
  if (!ended) ran.stderr += `(does not end: ${now} ms)\n`
  return ran
}
