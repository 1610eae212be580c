import {
  Component,
  type ComponentType,
  type ErrorInfo,
  lazy,
  type ReactNode,
  Suspense,
  useEffect,
  useMemo,
  useState,
} from 'react'
import { isOutdated, PartError, part } from '../../bridge/parts'
import { useApp } from './app-context'

/**
 * A component that loads as a separate part. Sentences on the page use `name` for the component.
 */
export interface LazyComponent<P> {
  name: string
  get(): Promise<{ default: ComponentType<P> }>
}

export function lazyComponent<P>(
  name: string,
  load: () => Promise<{ default: ComponentType<P> }>,
): LazyComponent<P> {
  return { name, get: part(load) }
}

/**
 * Loads a component when the page first shows it. A component that fails to load leaves a sentence
 * and a button in its place. The rest of the page is unaffected.
 */
export function Part<P extends object>({
  of,
  fallback,
  props,
}: {
  of: LazyComponent<P>
  fallback?: ReactNode
  props: P
}) {
  const [attempt, setAttempt] = useState(0)
  return (
    <Boundary key={`${of.name} ${attempt}`} name={of.name} onRetry={() => setAttempt(attempt + 1)}>
      <Attempt of={of} fallback={fallback} props={props} />
    </Boundary>
  )
}

/** The memo is outside of the Suspense, because a waiting Suspense forgets the state inside. */
function Attempt<P extends object>({
  of,
  fallback,
  props,
}: {
  of: LazyComponent<P>
  fallback: ReactNode
  props: P
}) {
  const Loaded = useMemo(() => lazy(of.get), [of])
  return (
    <Suspense fallback={fallback}>
      <Loaded {...props} />
    </Suspense>
  )
}

interface BoundaryProps {
  name: string
  onRetry(): void
  children: ReactNode
}

class Boundary extends Component<BoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error: error ?? new Error('unknown') }
  }

  override componentDidCatch(_error: unknown, _info: ErrorInfo): void {
    // React has logged the error, and the page shows a sentence.
  }

  override render(): ReactNode {
    const { error } = this.state
    return error === null ? (
      this.props.children
    ) : (
      <Failed name={this.props.name} error={error} onRetry={this.props.onRetry} />
    )
  }
}

function Failed({ name, error, onRetry }: { name: string; error: unknown; onRetry(): void }) {
  const { takeNewerVersion } = useApp()
  const [outdated, setOutdated] = useState(false)
  useEffect(() => {
    const fetchText = async (url: string) => (await fetch(url, { cache: 'no-cache' })).text()
    void isOutdated(document, fetchText).then(setOutdated)
  }, [])
  return (
    <div className="part-failed" role="alert">
      {outdated ? (
        <>
          <p>A newer version is out. Reload the page: your run is kept.</p>
          <button type="button" className="pick" onClick={takeNewerVersion}>
            Reload
          </button>
        </>
      ) : (
        <>
          <p>
            {name} {error instanceof PartError ? 'did not load' : 'stopped with an error'} (
            {error instanceof Error ? error.message : String(error)}
            ). The run goes on.
          </p>
          <button type="button" className="pick" onClick={onRetry}>
            Try again
          </button>
        </>
      )}
    </div>
  )
}
