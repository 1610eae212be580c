import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completion } from './complete'

const known = {
  leases: ['10d2a207214d161d'],
  keys: ['svc/a', 'with space'],
  members: ['b71f75320dc06a6c'],
  endpoints: ['http://127.0.0.1:2379'],
}
/** The candidates at `|`. */
const at = (line: string) =>
  completion(line.replace('|', ''), line.indexOf('|'), known).candidates.map(({ text }) => text)

describe('completion', () => {
  it.each<[string, string[]]>([
    ['|', ['etcdctl', 'sleep', 'wait', 'kill', 'echo']],
    ['e|', ['etcdctl', 'echo']],
    ['etcdctl le|', ['lease']],
    ['etcdctl lease |', ['grant', 'keep-alive', 'list', 'revoke', 'timetolive']],
    ['etcdctl lease k|', ['keep-alive']],
    ['etcdctl lease keep-alive |', ['10d2a207214d161d']],
    ['etcdctl lease keep-alive --once 10|', ['10d2a207214d161d']],
    ['etcdctl lease keep-alive --o|', ['--once']],
    ['etcdctl lease keep-alive 10d2a207214d161d |', []],
    ['etcdctl lease grant |', []],
    ['lease rev|', ['revoke']],
    ['ETCDCTL_API=3 etcdctl lea|', ['lease']],
    ['alice: etcdctl lea|', ['lease']],
    ['sleep 5; etcdctl lea|', ['lease']],
    ['etcdctl get --so|', ['--sort-by=']],
    ['etcdctl get --sort-by=V|', ['--sort-by=VALUE', '--sort-by=VERSION']],
    ['etcdctl get a -w |', ['simple', 'fields', 'json', 'protobuf', 'table']],
    ['etcdctl get a --write-out j|', ['json']],
    ['etcdctl get |', ['svc/a', "'with space'"]],
    ['etcdctl -w json get s|', ['svc/a']],
    ['etcdctl put a b --lease |', ['10d2a207214d161d']],
    ['etcdctl put a b --lease=|', ['--lease=10d2a207214d161d']],
    ['etcdctl --endpoints |', ['http://127.0.0.1:2379']],
    ['etcdctl member remove |', ['b71f75320dc06a6c']],
    ['etcdctl endpoint --cl|', ['--cluster']],
    ['etcdctl endpoint |', ['health', 'status']],
    ['etcdctl help le|', ['lease']],
    ["etcdctl put 'le|", []],
    ['grep le|', []],
    ['etcdctl nonsense |', []],
  ])('%s', (line, candidates) => {
    expect(at(line)).toEqual(candidates)
  })

  it('offers nothing that this project does not model', () => {
    expect(at('etcdctl |')).not.toContain('snapshot')
    expect(at('etcdctl |')).toContain('lock')
  })

  it('replaces the word before the cursor and keeps the rest', () => {
    expect(completion('etcdctl lea grant', 11)).toMatchObject({
      from: 8,
      to: 11,
      candidates: [{ text: 'lease', help: 'Lease related commands' }],
    })
  })

  it('answers for any line', () => {
    const piece = fc.oneof(
      fc.constantFrom('etcdctl ', 'lease ', 'get ', '--', '-w ', '=', "'", '"', ';', ' '),
      fc.string({ maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(piece), fc.nat(40), (pieces, cursor) => {
        const line = pieces.join('')
        const { from, to, candidates } = completion(line, Math.min(cursor, line.length), known)
        expect(from).toBeLessThanOrEqual(to)
        for (const { text } of candidates) expect(text.startsWith(line.slice(from, to))).toBe(true)
      }),
    )
  })
})
