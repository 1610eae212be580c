// The modelled releases of etcd, for code that only names them. How they behave is a table of its
// own (text/differences.ts), which the first paint can do without.

export { ETCD_VERSIONS, PATCH_VERSIONS } from '../base/etcd-versions'
