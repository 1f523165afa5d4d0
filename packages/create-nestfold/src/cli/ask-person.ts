import { cancel, intro, isCancel, select, text } from '@clack/prompts';
import { Choice } from '../application/contexts.js';
import { UsageError } from '../usage.error.js';
import type { Ask } from './create.js';

/** Asks on the screen for what no flag says. */
export const askPerson: Ask = async ({ name, contexts, requireName }) => {
  intro('A Nestfold application');
  const called =
    name ??
    (await text({
      message: 'What is it called?',
      placeholder: 'corner-shop',
      validate: (value) => problemOf(() => requireName(value ?? '')),
    }));
  if (isCancel(called)) return givenUp();
  const chosen =
    contexts ??
    (await select({
      message: 'Which contexts of the sample?',
      options: ['all', 'orders', 'orders,catalog', 'orders,customers'].map((value) => ({
        value,
        label: value,
        hint: Choice.of(value).describe(),
      })),
    }));
  if (isCancel(chosen)) return givenUp();
  return { name: called, contexts: chosen };
};

function givenUp(): undefined {
  cancel('Nothing was written.');
  return undefined;
}

function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}
