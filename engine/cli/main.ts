// The command line: a small table of subcommands.

import { API_HELP, api } from './api'
import { CHECK_HELP, check } from './check'
import { FUZZ_HELP, runFuzz } from './fuzz'
import { OPEN_HELP, open } from './open'
import { REPLAY_HELP, replay } from './replay'
import { RUN_HELP, run } from './run'

interface Subcommand {
  help: string
  /** Returns the exit code of the process. Throws errors for stderr. */
  run(args: string[], out: (text: string) => void, error: (text: string) => void): number
}

const SUBCOMMANDS: Record<string, Subcommand> = {
  open: { help: OPEN_HELP, run: open },
  api: { help: API_HELP, run: api },
  run: { help: RUN_HELP, run },
  replay: { help: REPLAY_HELP, run: replay },
  check: { help: CHECK_HELP, run: check },
  fuzz: { help: FUZZ_HELP, run: runFuzz },
}

/** Runs `leasescope ARGS…` and returns the exit code. */
export function main(
  args: string[],
  out: (text: string) => void,
  error: (text: string) => void,
): number {
  const [name = '--help', ...rest] = args
  if (name === '--help' || name === '-h' || name === 'help') {
    out(
      `${Object.values(SUBCOMMANDS)
        .map(({ help }) => help)
        .join('\n\n')}\n`,
    )
    return 0
  }
  const subcommand = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined
  if (subcommand === undefined) {
    error(
      `leasescope has no ${name}. It has: ${Object.keys(SUBCOMMANDS).join(', ')}. See leasescope --help.\n`,
    )
    return 2
  }
  try {
    return subcommand.run(rest, out, error)
  } catch (problem) {
    error(`leasescope ${name}: ${problem instanceof Error ? problem.message : String(problem)}\n`)
    return 1
  }
}
