import type { Page } from 'playwright/test'

/** Opens a recording as a reader does: Share, Open…, a file. */
export async function openFile(page: Page, recording: unknown): Promise<void> {
  await page.getByRole('button', { name: 'Share' }).click()
  await page.getByRole('menuitem', { name: 'Open…' }).click()
  await page.getByLabel('A file that was saved here').setInputFiles({
    name: 'run.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(recording)),
  })
}
