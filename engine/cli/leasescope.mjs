// `npm run leasescope`: the program from its sources. An installed package has it built, as
// lib/cli/bin.js.

import { register } from 'tsx/esm/api'

// npm runs scripts in the project's folder; paths are relative to the user's folder.
if (process.env.npm_lifecycle_event === 'leasescope' && process.env.INIT_CWD)
  process.chdir(process.env.INIT_CWD)

register()
await import(new URL('bin.ts', import.meta.url).href)
