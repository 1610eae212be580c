// The guarded resource: a storage outside of etcd that only the holder of a lock should write to.
// It cannot know the holder of the lock. With fencing it refuses a token lower than the highest it
// has seen (Kleppmann, "How to do distributed locking"). The token is the create revision of the
// lock's key.

export interface SavedResource {
  highest: number | null
}

/** The name of the resource on links, in groups and on the stage. */
export const RESOURCE = 'storage'

export class Resource {
  /** The highest token seen; null before the first. */
  highest: number | null = null

  /** Whether the resource takes the write. Without checks it takes all. */
  write(token: number | null, checks: boolean): boolean {
    const taken = !checks || (token !== null && token >= (this.highest ?? 0))
    if (taken && token !== null) this.highest = Math.max(this.highest ?? 0, token)
    return taken
  }

  save(): SavedResource {
    return { highest: this.highest }
  }

  static load({ highest }: SavedResource): Resource {
    const resource = new Resource()
    resource.highest = highest
    return resource
  }
}
