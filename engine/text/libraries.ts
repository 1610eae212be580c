// The client libraries, for hosts.

export type { Library } from '../base/libraries'
export { DEFAULT_LIBRARY, LIBRARIES, LIBRARY_NAMES } from '../base/libraries'
