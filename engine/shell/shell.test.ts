import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Random } from '../base/random'
import { isInstalled, masked, runReal, SCRIPT } from '../test/real-shell'
import type { MachineOutput, ShellConfig, World } from './kernel'
import { Machine } from './machine'
import { parseNext, START } from './parse'
import { type Dialect, drawScript } from './shelltest/draw-script'
import { runScript } from './shelltest/run-script'

interface Recorded {
  script: string
  stdout: string
  stderr: string
  exit: number
}

const path = join(import.meta.dirname, 'testdata/bash-5.2.json')
const recorded = JSON.parse(readFileSync(path, 'utf8')) as Recorded[]

describe('what bash 5.2 printed', () => {
  // REWRITE=1 asks the bash of this machine again.
  if (process.env.REWRITE === '1') {
    const asked = recorded.map(({ script }) => ({ script, ...masked(runReal('bash', script)) }))
    writeFileSync(path, `${JSON.stringify(asked, null, 2)}\n`)
  }
  test.each(recorded)('$script', ({ script, ...printed }) => {
    const { stdout, stderr, exit } = masked(runScript(script, { name: SCRIPT }))
    expect({ stdout, stderr, exit }).toEqual(printed)
  })
})

describe.each<[Dialect, string]>([
  ['posix', 'dash'],
  ['bash', 'bash'],
])('drawn %s scripts', (dialect, shell) => {
  const seeds = Array.from({ length: 60 }, (_, i) => i + 1)
  test.skipIf(!isInstalled(shell)).each(seeds)(`do as ${shell} does: seed %i`, (seed) => {
    const script = drawScript(new Random(seed, 'shell'), dialect)
    const ours = masked(runScript(script, { name: SCRIPT }))
    const real = masked(runReal(shell, script))
    // The words of messages, and the lines they name, are bash's.
    const compared = ({ stdout, stderr, exit }: typeof real) => ({
      stdout,
      exit,
      stderr: dialect === 'bash' ? stderr.replace(/line \d+/g, 'line N') : '',
    })
    expect(compared(ours), script).toEqual(compared(real))
  })
})

test('a machine that is saved and loaded before every input does the same', () => {
  const scripts = [
    'for i in 1 2 3; do sleep 1; echo "$i $(sleep 1; echo $((i * 2)))"; done',
    '(sleep 2; echo late) & echo early; wait; echo end',
    'mkfifo p; (sleep 1; echo over) > p & read -r x < p; echo "$x"',
    'f() { local n=$1; [ "$n" -gt 0 ] || return 0; sleep 1; f $((n - 1)); echo "$n"; }; f 3 | cat -n',
    'timeout 2 sleep 9; echo $?; printf "a\\nb\\n" | while read -r x; do sleep 1; echo "$x"; done',
    'seq 3 | xargs -n1 sh -c \'sleep 1; echo "<$0>"\'',
  ]
  for (const script of scripts) {
    expect(played(script, true), script).toEqual(played(script, false))
    expect(played(script, false).ms, script).toBeGreaterThan(0)
  }
})

/** Every output with its time. */
function played(script: string, reloads: boolean): { printed: string; ms: number } {
  const config: ShellConfig = { interactive: false, name: 'sh', environment: [] }
  let machine = new Machine(config)
  const timers: { at: number; pid: number }[] = []
  let now = 0
  let printed = ''
  const world = (): World => ({ now, hasProgram: () => false, readsInput: () => false })
  const take = (outputs: readonly MachineOutput[]) => {
    for (const output of outputs) {
      if (output.type === 'print') printed += `${now} ${output.bytes}`
      if (output.type === 'timer') timers.push(output)
    }
  }
  take(machine.step({ type: 'run', source: script }, world()))
  while (timers.length > 0) {
    const next = timers.sort((a, b) => a.at - b.at).shift()!
    now = Math.max(now, next.at)
    if (reloads) machine = Machine.load(config, JSON.parse(JSON.stringify(machine.save())))
    take(machine.step({ type: 'timer', pid: next.pid }, world()))
  }
  return { printed, ms: now }
}

test('a loop that passes no time is stopped with a word', () => {
  const { stderr, exit } = runScript('while true; do :; done; echo never')
  expect(stderr).toMatch(/^stopped: .* is there a loop without sleep\?\n$/)
  expect(exit).toBe(1)
})

test('a function that calls itself for ever is stopped with a word', () => {
  const { stderr, stdout } = runScript('f() { f; }; f; echo same line\necho next')
  expect(stderr).toMatch(/maximum function nesting level exceeded/)
  expect(stdout).toBe('next\n')
})

describe('what this shell does not have', () => {
  test.each([
    ['a=(1 2)\necho after', 'arrays', 1],
    ['diff <(echo a) <(echo b)\necho after', 'process substitution', 1],
    ['select x in a b; do\n  echo wrong\ndone\necho after', '`select`', 1],
    ['echo before; if true; then\n  coproc cat\n  echo wrong\nfi\necho after', '`coproc`', 2],
  ])('refuses the whole command, once: %j', (script, what, line) => {
    const { stdout, stderr } = runScript(script, { name: 's' })
    expect(stdout).toBe('after\n')
    expect(stderr).toBe(
      `${stderr.slice(0, stderr.indexOf('not'))}not modelled here: ${what}${what.startsWith('process') ? ' (`<(…)`)' : ''}. Nothing of this command runs.\n`,
    )
    expect(stderr).toContain(`line ${line}: `)
  })
})

test('any text is read to its end, and never throws', () => {
  const pieces =
    '$ ` " \' ( ) { } [[ ]] (( )) if then fi for do done case esac in | & ; < > << \n \\ # a =1 ${x $(( ;; ! * ~'
  const random = new Random(7, 'text')
  const words = pieces.split(' ')
  for (let i = 0; i < 2000; i++) {
    let text = ''
    for (let n = random.below(25); n >= 0; n--)
      text += `${words[random.below(words.length)]}${random.below(3) === 0 ? '' : ' '}`
    let at = START
    for (let steps = 0; ; steps++) {
      const parsed = parseNext(text, at)
      if (parsed.type === 'end') break
      expect(parsed.next.at, text).toBeGreaterThan(at.at)
      at = parsed.next
      expect(steps).toBeLessThan(100)
    }
  }
})
