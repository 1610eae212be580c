// leasescope fuzz --recipe: clients run a recipe under faults.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecipeRun } from '../fuzz/recipes'
import { brokenPromise, fuzzRecipe, PROMISES } from '../fuzz/recipes'
import { describeCommand } from '../sim/describe-command'

const FOLDER = join(import.meta.dirname, '../client/recipes')

/**
 * Runs drawn for the named recipe; `all` means every recipe without a flaw. The exit code says
 * whether all kept their promises.
 */
export function runRecipes(
  name: string,
  first: number,
  runs: number,
  recording: boolean,
  out: (text: string) => void,
): number {
  const names =
    name === 'all'
      ? Object.keys(PROMISES).filter((known) => PROMISES[known]!.breaks === null)
      : [name]
  for (const recipe of names) {
    const promise = PROMISES[recipe]
    const path = join(FOLDER, `${recipe}.txt`)
    if (promise === undefined || !existsSync(path)) {
      throw new Error(`--recipe takes all, ${Object.keys(PROMISES).join(', ')}, not ${recipe}`)
    }
    const source = readFileSync(path, 'utf8')
    const beside =
      promise.beside === undefined
        ? source
        : readFileSync(join(FOLDER, `${promise.beside}.txt`), 'utf8')
    let [entered, faults, shown] = [0, 0, 0]
    for (let seed = first; seed < first + runs; seed++) {
      const run = fuzzRecipe(recipe, source, seed, beside)
      if (recording) out(`${JSON.stringify({ ...run.recording, cursor: run.endsAt })}\n`)
      const broken = brokenPromise(recipe, run)
      if (broken !== null || (runs === 1 && !recording)) out(told(recipe, seed, run, broken))
      if (broken !== null) return 1
      if (promise.breaks !== null && run.wrong.has(promise.breaks)) shown++
      entered += run.entered
      faults += run.faults
    }
    if (recording) continue
    const flaw =
      promise.breaks === null ? '' : ` In ${shown} of them it showed its flaw: ${promise.breaks}.`
    out(
      `${recipe}: ${runs} runs from seed ${first} kept its promise; ${entered} sections, ${faults} faults.${flaw}\n`,
    )
  }
  return 0
}

function told(
  recipe: string,
  seed: number,
  { recording, wrong, endsAt }: RecipeRun,
  broken: string | null,
): string {
  const lines = [`${recipe}, seed ${seed}: ${JSON.stringify(recording.config)}`]
  for (const command of recording.commands)
    lines.push(`${String(command.at).padStart(6)}  ${describeCommand(command)}`)
  lines.push(`${String(endsAt).padStart(6)}  the run ends`)
  for (const [kind, { at, text }] of wrong) lines.push(`at ${at}: ${kind}: ${text}`)
  if (broken !== null) {
    lines.push(
      `${recipe} breaks its promise: ${broken}`,
      `again: npm run --silent leasescope -- fuzz --recipe ${recipe} --seed ${seed}`,
    )
  }
  return `${lines.join('\n')}\n`
}
