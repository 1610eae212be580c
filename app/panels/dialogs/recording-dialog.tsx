import { Dialog } from './dialog'

/** If the browser refuses the clipboard, the reader copies the recording by hand from here. */
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
