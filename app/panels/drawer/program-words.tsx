const words: readonly [code: string, means: string][] = [
  ['lease = grant 10', 'a lease of ten seconds'],
  ['keep lease · drop lease · revoke lease', 'starts its heartbeat, stops it, ends the lease'],
  ['left = renew lease', 'one renewal: the TTL of its answer, or an error'],
  ['found = get /lock', 'its value, or nothing; also found.create, found.mod'],
  ['first = oldest /q/ · newest /q/ before mine.create', 'of the keys with a prefix, by creation'],
  ['n = count /q/ · count /q/ before mine.create', 'how many keys with a prefix'],
  ['put /lock $me with lease', '$me is the name of the client'],
  ['won = create /lock $me with lease', 'a transaction: only where no such key exists'],
  ['delete /lock if value = $me', 'a transaction; also: if create = won.create'],
  [
    'won = txn if create /a = 0 and value /b = x then put /a y and now = get /b else delete /b',
    'any transaction; mod, version and lease, !=, < and > too',
  ],
  ['wait /lock deleted · now = wait any /q/ changed', 'by a watch; changed holds the new value'],
  ['token = lock /job with lease · trylock … · unlock /job', 'concurrency.Mutex in one line'],
  [
    'lock /job while lease · campaign … while lease',
    'stops waiting when the session of the lease ends',
  ],
  [
    'gone = unlock /job if token',
    'a transaction: only while the lock’s key has that create revision',
  ],
  ['held = server lock /job with lease · server unlock $held', 'the Lock service of the server'],
  [
    'mine = node lock /job ttl 30 · node unlock /job',
    'the lock of node etcd3: one attempt, on a lease of its own',
  ],
  [
    'mine = python lock /job · renew mine.lease · python unlock /job',
    'the lock of python-etcd3: waits for 10 s, and never renews by itself',
  ],
  [
    'lead = campaign /leader $me with lease · proclaim /leader x · resign /leader',
    'concurrency.Election',
  ],
  ['led = observe /leader', 'the next leader or value that the election announces'],
  ['enter /lock · leave', 'the critical section; enter /rw shared, enter /pool of 3: with others'],
  ['ok = write hello with token token', 'a write to the storage'],
  [
    'if not found goto try · if n < 3 goto on · if live lease goto on',
    'live: by the clock of the client',
  ],
  ['seen = now · if elapsed seen 15s goto on', 'the time since, by the clock of the client'],
  ['sleep 500ms · goto try · stop', 'try: alone on a line is a label'],
  [
    'put /a b within 5s or goto late',
    'after any call: its deadline, and where to go with an error; $error has its words',
  ],
]

/** The language of programs, on demand. */
export function ProgramWords() {
  return (
    <details className="program-words">
      <summary>The words of a program</summary>
      <dl>
        {words.map(([code, means]) => (
          <div key={code}>
            <dt>
              <code>{code}</code>
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
