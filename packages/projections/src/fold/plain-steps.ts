import type { Step } from './step.js';

/** What may be written again and again: an insert takes the place of what is there. Throws `TypeError`, naming method and write, for all that may not. */
export function plainSteps(method: string, steps: readonly Step[]): Step[] {
  return steps.map((step) => {
    if (step.kind === 'insert') return { ...step, kind: 'put' };
    const form = unrepeatable(step);
    if (form === undefined) return step;
    throw new TypeError(
      `${method} writes with ${form}, which mode 'plain' cannot repeat after a crash: use insert, patch or remove there, or mode 'transactional'.`,
    );
  });
}

function unrepeatable({ kind }: Step): string | undefined {
  switch (kind) {
    case 'put':
    case 'insert':
    case 'patch':
    case 'remove':
      return undefined;
    case 'increment':
    case 'push':
    case 'reduce':
    case 'patchWhere':
      return kind;
  }
}
