import { stepsFor, stepWords, usableStep } from '../../commands/steps'
import { useApp, usePrefs, useRun } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { Menu, type MenuItem } from '../parts/menu'

/** The size of one step: an event of a kind, a move, or an amount of time. */
export function StepBy() {
  const items = useStepItems()
  const chosen = items.find(({ checked }) => checked)?.word
  return (
    <Menu
      name="Step by"
      label={`step by ${chosen}`}
      className="quiet step-by"
      button={
        <>
          step by <span className="step-by-word">{chosen}</span>
          <Icon name="chevron" small />
        </>
      }
      items={items}
    />
  )
}

export function useStepItems(): (MenuItem & { checked: boolean })[] {
  const { commands } = useApp()
  const comparing = useRun((state) => state.compare !== null)
  const by = usableStep(
    usePrefs((state) => state.stepBy),
    comparing,
  )
  return stepsFor(comparing).map((step) => ({
    word: stepWords[step],
    line: keys[step] ?? '',
    checked: step === by,
    onChoose: () => commands.setStepBy(step),
  }))
}

/** The keys that always make such a step. */
const keys: Partial<Record<string, string>> = { event: '← →', lease: 'Shift ← →', fault: ', .' }
