import type { Step } from './step.js';

type Change = Extract<Step, { kind: 'change' }>;

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

function unrepeatable(step: Step): string | undefined {
  switch (step.kind) {
    case 'put':
    case 'insert':
    case 'remove':
      return undefined;
    case 'change':
      return counting(step);
    case 'reduce':
    case 'patchWhere':
      return step.kind;
  }
}

function counting({ changes, initial }: Change): string | undefined {
  if (changes.some(({ kind }) => kind === 'push')) return 'push';
  return initial !== undefined || changes.some(({ kind }) => kind === 'increment') ? 'increment' : undefined;
}
