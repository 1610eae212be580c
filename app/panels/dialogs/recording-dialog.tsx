import { Dialog } from './dialog'

/** Where the clipboard is refused, the recording is here to be copied by hand. */
export default function RecordingDialog({ text, onClose }: { text: string; onClose(): void }) {
  return (
    <Dialog title="Recording" onClose={onClose}>
      <p>The browser did not allow copying. This is the whole run:</p>
      <textarea
        readOnly
        rows={10}
        aria-label="Recording"
        value={text}
        onFocus={(event) => event.target.select()}
      />
    </Dialog>
  )
}
