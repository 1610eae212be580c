// Recorded answers that the engine does not give, each with its reason. A test fails where one is missing or not needed.

/** The reason by place (`step 3`, `event 0`, `stream w 2`). */
type Places = Readonly<Record<string, string>>

/** By recording: version and name. */
export const EXCEPTIONS: Readonly<Record<string, Places>> = {}

/** Recordings that a real etcd answers otherwise from run to run. They are played and not compared. */
export const UNCERTAIN: Readonly<Record<string, string>> = {}
