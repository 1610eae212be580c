/** An endpoint without its scheme, as etcdctl takes either; `localhost` is this host. */
export function hostAndPort(endpoint: string): string {
  return endpoint
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^localhost(?=:|$)/, '127.0.0.1')
    .replace(/\/$/, '')
}
