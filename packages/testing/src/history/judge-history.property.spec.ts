import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HistoryRecorder } from './history-recorder.js';
import type { FinalEvent, FinalLog } from './history.js';
import { judgeHistory } from './judge-history.js';

/** What one client does in one call, and how its answer gets lost. */
const call = fc.record({
  client: fc.nat(3),
  kind: fc.constantFrom('append', 'append', 'read'),
  events: fc.integer({ min: 1, max: 3 }),
  guard: fc.constantFrom('known', 'any', 'exists', 'stale'),
  answer: fc.constantFrom('ok', 'ok', 'ok', 'lost-before', 'lost-after'),
  stream: fc.constantFrom('a-1', 'b-2'),
  /** How many calls of others begin before it takes effect, and before it is answered. */
  effectAfter: fc.nat(4),
  answerAfter: fc.nat(4),
});

type Call = typeof call extends fc.Arbitrary<infer C> ? C : never;

interface Due {
  readonly at: number;
  readonly run: () => void;
}

/** A store that is linearizable by its making: each call takes effect in one moment between its beginning and its answer. */
function run(calls: readonly Call[]): { history: HistoryRecorder; log: FinalLog } {
  const history = new HistoryRecorder();
  const log = new Map<string, FinalEvent[]>();
  const due: Due[] = [];
  let id = 0;
  const settle = (now: number): void => {
    due.sort((one, other) => one.at - other.at);
    while (due[0] !== undefined && due[0].at <= now) due.shift()!.run();
  };
  calls.forEach(({ kind, stream, events, guard, answer, effectAfter, answerAfter }, now) => {
    settle(now);
    const stored = (): FinalEvent[] => log.get(stream) ?? [];
    const later = (run: () => void): void =>
      void (answer === 'ok' && due.push({ at: now + effectAfter + answerAfter, run }));
    const effect = (run: () => void): void => void due.push({ at: now + effectAfter, run });
    if (kind === 'read') {
      const pending = history.read(stream);
      return effect(() => {
        const ids = stored().map((event) => event.id);
        later(() => pending.ok({ length: ids.length, events: ids }));
      });
    }
    const length = stored().length;
    const expected = guard === 'known' ? length : guard === 'stale' ? Math.max(0, length - 1) : guard;
    const ids = Array.from({ length: events }, () => `e${(id += 1)}`);
    const pending = history.append(stream, expected, ids);
    if (answer === 'lost-before') return;
    effect(() => {
      const before = stored();
      const fits = expected === 'any' || (expected === 'exists' ? before.length > 0 : expected === before.length);
      if (!fits) return later(() => pending.fail(true));
      const stands = [...before, ...ids.map((one, index) => ({ version: before.length + index + 1, id: one }))];
      log.set(stream, stands);
      later(() => pending.ok(stands.length));
    });
  });
  settle(Number.POSITIVE_INFINITY);
  return { history, log };
}

describe('judgeHistory of a linearizable store', () => {
  it('never finds a violation, whatever overlaps and whichever answers get lost [T-3]', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
        const { history, log } = run(calls);
        expect(judgeHistory(history, log)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('always finds that an acknowledged event is gone [T-3]', () => {
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 60 }), fc.nat(), (calls, place) => {
        const { history, log } = run(calls);
        const acknowledged = history.appends.filter(({ status }) => status === 'ok');
        const lost = acknowledged[place % Math.max(1, acknowledged.length)];
        fc.pre(lost !== undefined);
        const without = [...(log.get(lost.stream) ?? [])]
          .filter(({ id }) => id !== lost.events[0])
          .map(({ id }, index) => ({ version: index + 1, id }));
        expect(judgeHistory(history, new Map([...log, [lost.stream, without]]))).not.toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
