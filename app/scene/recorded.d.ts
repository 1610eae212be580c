declare module 'virtual:recorded' {
  /** By patch version: `3.4.23` (recorded-plugin.ts). */
  export const recorded: Readonly<Record<string, import('./recorded-plugin').Counts>>
}
