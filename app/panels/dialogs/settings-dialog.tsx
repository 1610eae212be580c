import { useRun } from '../parts/app-context'
import { Dialog } from './dialog'
import { Rules } from './rules'
import { SettingsForm } from './settings-form'
import { Truth } from './truth'
import './settings.css'

/** The fidelity of the page, the settings of this run, and the state of its rules. */
export default function SettingsDialog({ onClose }: { onClose(): void }) {
  const config = useRun((state) => state.config)
  const seed = useRun((state) => state.seed)
  return (
    <Dialog title="How true is this?" wide onClose={onClose}>
      <Truth />
      <Rules onLeave={onClose} />
      {config && seed !== null && (
        <SettingsForm
          key={`${seed} ${JSON.stringify(config)}`}
          config={config}
          seed={seed}
          onDone={onClose}
        />
      )}
    </Dialog>
  )
}
