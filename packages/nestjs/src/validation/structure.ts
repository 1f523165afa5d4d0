import { InvalidMessage } from '@nestfold/core';
import { isPlainLike } from './plain-like.js';

/** A mistake in a message, with its place. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

const MAX_DEPTH = 50;
const MAX_PROBLEMS = 100;
const LONE_SURROGATE = /\p{Surrogate}/u;
const CONTROL = /\p{Cc}/u;
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Refuses, before anything recursive or reflective touches it, what no rule of a class can see or survive: nesting deeper than 50
 * levels, cycles, keys that mean something to the database (`$…`) or to objects (`__proto__`, `constructor`), and text that
 * is no Unicode. Throws `InvalidMessage`.
 */
export function refuseUnfitStructure(name: string, value: unknown, path = ''): void {
  const problems: FieldProblem[] = [];
  inspect(value, path, 0, [], problems);
  if (problems.length > 0) throw new InvalidMessage(name, problems);
}

function inspect(value: unknown, path: string, depth: number, above: object[], problems: FieldProblem[]): void {
  if (problems.length >= MAX_PROBLEMS) return;
  const refuse = (message: string): void => void problems.push({ path, message: `${path || 'it'} ${message}` });
  if (typeof value === 'string' && LONE_SURROGATE.test(value)) return refuse('must not hold half a surrogate pair');
  if (!isPlainLike(value)) return;
  if (above.includes(value)) return refuse('must not refer to an object that holds it');
  if (depth >= MAX_DEPTH) return refuse(`must not be nested deeper than ${MAX_DEPTH} levels`);
  above.push(value);
  for (const [key, child] of Object.entries(value)) {
    if (!Array.isArray(value) && !isFitKey(key))
      problems.push({ path: at(path, '<key>'), message: `${path || 'it'} must not have the key ${printable(key)}` });
    else inspect(child, Array.isArray(value) ? `${path}[${key}]` : at(path, key), depth + 1, above, problems);
  }
  above.pop();
}

function isFitKey(key: string): boolean {
  return !key.startsWith('$') && !RESERVED.has(key) && !CONTROL.test(key) && !LONE_SURROGATE.test(key);
}

function at(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** A hostile key, fit for an answer and a log line. */
function printable(key: string): string {
  return JSON.stringify(key.slice(0, 40).replace(/[\p{Cc}\p{Surrogate}]/gu, '�'));
}
