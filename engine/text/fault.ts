// The console's words for what is done to members, links and clients, for whoever only shows them.

export { faultText } from '../network/fault'
