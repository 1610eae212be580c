// Words of the console beside etcdctl and the shell's own: faults, and the words of a debugger.

import { text } from '../base/bytes'
import type { Bytes } from '../base/rpc'
import { readControl } from '../client/control'
import { readFault } from '../network/read-fault'
import type { Shown } from './line-input'
import type { ShellContext } from './shell-context'

/** Builtins of bash that are not modelled. */
const ABSENT = new Set(
  'alias bg bind builtin cd command declare disown dirs eval exec fg getopts hash history jobs let local popd pushd read readonly return set shift shopt source test times trap type typeset ulimit umask . if for while until case select function [[ time'.split(
    ' ',
  ),
)

/** Runs such a word, or says why it is refused. */
export function clusterWord(command: Bytes, args: readonly Bytes[], context: ShellContext): Shown {
  const members = context.world.members.map(({ name: member }) => member)
  const fault = readFault([text(command), ...args.map(text)], members)
  if (typeof fault === 'string') return { stderr: `${fault}\n`, exit: 1 }
  if (fault !== null) {
    const verdict = context.world.judge?.(fault) ?? null
    if (verdict?.type === 'refused') return { stderr: `${verdict.message}\n`, exit: 1 }
    if (verdict?.type === 'nothing') return { stdout: `${verdict.message}\n`, exit: 0 }
    context.fault(fault)
    return { exit: 0 }
  }
  const control = readControl([text(command), ...args.map(text)])
  if (typeof control === 'string') return { stderr: `${control}\n`, exit: 1 }
  if (control !== null) {
    if (context.world.hasProgram?.(control.client) === false)
      return {
        stderr: `there is no client ${control.client} that runs a program\n`,
        exit: 1,
      }
    context.control(control.client, control.control)
    return { exit: 0 }
  }
  const name = text(command).slice(0, 80)
  if (ABSENT.has(command))
    return { stderr: `not modelled here: the shell's \`${name}\`\n`, exit: 1 }
  const why = command.includes('/') ? 'No such file or directory' : 'command not found'
  return { stderr: `bash: ${name}: ${why}\n`, exit: 127 }
}
