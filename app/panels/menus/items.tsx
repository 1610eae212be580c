import type { Commands } from '../../commands/commands'
import type { MenuGroup, MenuItem } from '../parts/menu'
import { type Entry, isLibraryStep, isStep } from './entry'
import { LibraryForm } from './library-form'
import ReplayForm from './replay-form'
import { StepForm } from './step-form'

/** An entry as an item of a menu. */
export function itemOf({ icon, word, line, note, off, does }: Entry, commands: Commands): MenuItem {
  const item: MenuItem = { icon, word, line, off, ...(note === undefined ? {} : { note }) }
  if (does === 'replay') return { ...item, step: (done) => <ReplayForm onDone={done} /> }
  if (isLibraryStep(does))
    return {
      ...item,
      step: (done) => <LibraryForm clients={does.libraryOf} onDone={done} />,
    }
  if (isStep(does)) return { ...item, step: (done) => <StepForm step={does} onDone={done} /> }
  return {
    ...item,
    onChoose: () => (typeof does === 'function' ? does(commands) : commands.perform(does)),
  }
}

export function groupOf(entries: readonly Entry[], commands: Commands, name?: string): MenuGroup {
  return {
    items: entries.map((entry) => itemOf(entry, commands)),
    ...(name === undefined ? {} : { name }),
  }
}
