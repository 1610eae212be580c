import { PATCH_VERSIONS } from '../../../engine/text/differences'
import { fidelity } from '../../scene/fidelity'
import { useRun } from '../parts/app-context'

/** The numbers that convince, and what is simplified. */
export function Truth() {
  const rules = useRun((state) => state.invariants?.rows.length ?? 0)
  const { recorded, exchanges, calls, events, lines } = fidelity
  return (
    <section aria-label="What was compared with etcd">
      <p>
        The engine plays every recording of a real etcd {recorded}, and its answers must equal the recorded ones. Modelled are{' '}
        {Object.values(PATCH_VERSIONS).join(', ')}. Their differences have one row each, with their source, in the table below.
      </p>
      <dl className="truth">
        <Fact value={calls} what={`API calls in ${exchanges} exchanges: answer, error and revision`} />
        <Fact value={events} what="watch events: content and order; time where the exchange waits" />
        <Fact value={lines} what="lines of etcdctl: output, error text and exit code" />
        <Fact value={rules} what="rules of etcd, checked after every event of this run" />
      </dl>
      <details>
        <summary>What is simplified, and what is left out</summary>
        <ul className="simplified">
          <li>A message takes a fixed time. A disk write takes no time unless you make the disk slow.</li>
          <li>Messages of one link do not overtake each other unless you say so. Calls use TCP: a loss is a delay.</li>
          <li>A broken connection is noticed at once. etcd notices it after 5 s.</li>
          <li>The streams between two members are connected as soon as both run. etcd takes some tenths of a second.</li>
          <li>A line of a program takes one millisecond and the time of its calls. The guarded storage is not part of etcd.</li>
          <li>Left out: TLS, authentication, quotas, alarms, defragmentation, snapshot files, the gRPC proxy and gateway.</li>
        </ul>
      </details>
      <p className="small">
        <a className="text-link" href="./licenses.txt" target="_blank" rel="noreferrer">
          Licences of the works in this page
        </a>
      </p>
    </section>
  )
}

function Fact({ value, what }: { value: number; what: string }) {
  return (
    <div>
      <dd>{value.toLocaleString('en')}</dd>
      <dt>{what}</dt>
    </div>
  )
}
