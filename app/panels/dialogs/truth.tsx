import { checkedText, fidelity } from '../../scene/fidelity'
import { useRun } from '../parts/app-context'

/** The modelled versions, how each was checked, and the simplifications. */
export function Truth() {
  const rules = useRun((state) => state.invariants?.rows.length ?? 0)
  const sum = (of: (version: (typeof fidelity)[number]) => number) =>
    fidelity.reduce((all, version) => all + of(version), 0)
  return (
    <section aria-label="What was compared with etcd">
      <p>
        The engine plays recordings of real etcd servers, and its answers must equal the recorded
        ones. Each difference between the versions has one row in the table below, with its source.
      </p>
      <dl className="truth">
        <Fact
          value={sum(({ calls }) => calls)}
          what={`API calls in ${sum(({ exchanges }) => exchanges)} exchanges: answer, error and revision`}
        />
        <Fact
          value={sum(({ events }) => events)}
          what="watch events: content and order; time where the exchange waits"
        />
        <Fact
          value={sum(({ lines }) => lines)}
          what="lines of etcdctl: output, error text and exit code"
        />
        <Fact value={rules} what="rules of etcd, checked after every event of this run" />
      </dl>
      {fidelity.map((version) => (
        <p key={version.patch}>{checkedText(version)}</p>
      ))}
      <details>
        <summary>What is simplified, and what is left out</summary>
        <ul className="simplified">
          <li>
            A message takes a fixed time. A disk write takes no time unless you make the disk slow.
          </li>
          <li>
            Messages of one link do not overtake each other unless you say so. Calls use TCP: a loss
            is a delay.
          </li>
          <li>A broken connection is noticed at once. etcd notices it after 5 s.</li>
          <li>
            The streams between two members are connected as soon as both run. etcd takes some
            tenths of a second.
          </li>
          <li>
            A line of a program takes one millisecond and the time of its calls. The guarded storage
            is not part of etcd.
          </li>
          <li>
            Left out: TLS, authentication, quotas, alarms, downgrades, defragmentation, snapshot
            files, the gRPC proxy and gateway.
          </li>
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
