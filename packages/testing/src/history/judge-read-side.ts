import { isDeepStrictEqual } from 'node:util';
import type { Violation } from './history.js';

/** Documents by id. */
export type Documents = ReadonlyMap<string, object>;

const SHOWN = 300;

/** G1: a read model equals an independent fold of the log, document by document. */
export function judgeReadModel(name: string, expected: Documents, actual: Documents): Violation[] {
  const found: Violation[] = [];
  const tell = (id: string, what: string): void =>
    void found.push({ rule: 'read-model-equals-fold', subject: `${name}/${id}`, message: `${name}/${id}: ${what}.` });
  for (const [id, document] of expected) {
    const stored = actual.get(id);
    if (stored === undefined) tell(id, 'is missing');
    else if (!isDeepStrictEqual(stored, document)) tell(id, `is ${shown(stored)} instead of ${shown(document)}`);
  }
  for (const id of actual.keys()) if (!expected.has(id)) tell(id, 'should not be there');
  return found;
}

/** G2: what adds up events, and so shows each one that was applied twice or not at all. */
export function judgeApplied(name: string, events: number, applied: number): Violation[] {
  if (events === applied) return [];
  const message = `${name}: applied ${applied} events of ${events}.`;
  return [{ rule: 'applied-once', subject: name, message }];
}

/** G8: nobody is left behind. */
export function judgeLag(statuses: Iterable<{ readonly name: string; readonly lagEvents: number }>): Violation[] {
  return [...statuses]
    .filter(({ lagEvents }) => lagEvents !== 0)
    .map(({ name, lagEvents }) => ({
      rule: 'lag-zero',
      subject: name,
      message: `${name}: is ${lagEvents} events behind.`,
    }));
}

function shown(value: object): string {
  const text = JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
