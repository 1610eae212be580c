// The modelled releases of etcd, for code that only names them. Their behaviour is a separate table
// (text/differences.ts), which the first paint does not need.

export { ETCD_VERSIONS, PATCH_VERSIONS } from '../base/etcd-versions'
