import type { Ctor } from '../data/type.js';
import { parameterTypes } from './own-metadata.js';

/**
 * What types cannot see of a decorated method: that its parameter is another message of equal shape (compared as the compiler emitted
 * it), and that it is asynchronous behind a cast. `fitting` are the classes that the method is called with; a parameter is
 * judged only where `isMessage` says that it is an event or a command at all, since a base shape is no mistake.
 */
export function methodProblems(
  owner: Ctor<object>,
  method: string | symbol,
  decorator: string,
  fitting: readonly Ctor<object>[],
  isMessage: (type: Ctor<object>) => boolean,
): string[] {
  const problems: string[] = [];
  const where = `${owner.name}.${String(method)}`;
  const body = (owner.prototype as Record<string | symbol, unknown>)[method];
  if (typeof body === 'function' && body.constructor.name === 'AsyncFunction') {
    problems.push(`${where} with ${decorator} is asynchronous: it must do its work at once, without await.`);
  }
  const first = parameterTypes(owner, method)?.[0];
  const takes = typeof first === 'function' ? (first as Ctor<object>) : undefined;
  if (
    takes !== undefined &&
    isMessage(takes) &&
    !fitting.some((one) => one === takes || one.prototype instanceof takes)
  ) {
    const names = fitting.map(({ name }) => name).join(' | ');
    problems.push(`${where} with ${decorator} takes a ${takes.name}: let its parameter be a ${names}.`);
  }
  return problems;
}
