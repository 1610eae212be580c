// The console's words for faults, for code that only shows them.

export { faultText } from '../network/fault'
