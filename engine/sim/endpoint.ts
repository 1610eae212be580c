/** An endpoint without its scheme, because etcdctl takes both forms; `localhost` is this host. */
export function hostAndPort(endpoint: string): string {
  return endpoint
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^localhost(?=:|$)/, '127.0.0.1')
    .replace(/\/$/, '')
}
