// The engine in somebody else's test, page or tool. Everything here is pure: no clock, no chance,
// no waiting.

export { text, utf8 } from './base/bytes'
export { decimal, leaseId } from './base/int64'
export type * from './base/rpc'
export type { EventBody, EventType, Level, TraceEvent } from './base/trace'
export type { Instruction, Instructions as Program } from './client/process/instructions'
export { Timeline } from './replay/timeline'
export { parseScenario, runScenario } from './scenario/scenario'
export { Cluster } from './sim/cluster'
export type { Command, Config, Refusal } from './sim/command'
export { DEFAULT_CONFIG, NEW_RUN_CONFIG } from './sim/command'
export type { Recording } from './sim/recording'
export { Simulation } from './sim/simulation'
export type { Stop } from './sim/stops'
export { sentence, traceLine } from './text/describe'
export { LeaseNames } from './text/names'
