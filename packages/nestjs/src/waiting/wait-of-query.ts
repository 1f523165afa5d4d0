import { InvalidMessage } from '@nestfold/core';
import { limitProblems, projectionProblems, type WaitProblem } from './wait-problems.js';
import { WAIT_MS, type WaitRequest } from './waited.js';

const WHOLE = /^\d{1,9}$/;

/**
 * What `?waitFor=<projection>[,<projection>]&waitForMs=` asks to wait for; `undefined` where it is not there. Read from the URL itself: parsers of
 * platforms make lists and objects of what looks like them. Throws `InvalidMessage` with all that is wrong.
 */
export function waitInUrl(url: string, known: readonly string[]): WaitRequest | undefined {
  const start = url.indexOf('?');
  if (start < 0 || !url.includes('waitFor', start)) return undefined;
  const query = new URLSearchParams(url.slice(start + 1));
  const said = [...query.keys()].filter((name) => /^waitFor(Ms)?([[.].*)?$/.test(name));
  if (said.length === 0) return undefined;
  const names = (query.get('waitFor') ?? '').split(',').filter((name) => name !== '');
  const limit = query.get('waitForMs');
  const timeoutMs = limit === null ? WAIT_MS : WHOLE.test(limit) ? Number(limit) : Number.NaN;
  const problems = [
    ...shapeProblems(said),
    ...(query.has('waitFor') ? projectionProblems(names, known) : []),
    ...limitProblems(timeoutMs),
  ];
  if (problems.length > 0) throw new InvalidMessage('The query', problems);
  return { projections: [...new Set(names)], timeoutMs };
}

function shapeProblems(said: readonly string[]): WaitProblem[] {
  const others = said.filter((name) => name !== 'waitFor' && name !== 'waitForMs');
  const twice = said.filter((name, index) => said.indexOf(name) !== index);
  return [
    ...others.map((path) => ({ path, message: `property ${path} should not exist` })),
    ...[...new Set(twice)].map((path) => ({ path, message: `${path} must stand there once` })),
    ...(said.includes('waitFor') ? [] : [{ path: 'waitForMs', message: 'waitForMs is for waitFor, which is missing' }]),
  ];
}
