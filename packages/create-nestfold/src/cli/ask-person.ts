import { cancel, intro, isCancel, select, text } from '@clack/prompts';
import { Choice } from '../application/contexts.js';
import type { Transport } from '../application/transports.js';
import { UsageError } from '../usage.error.js';
import type { Ask } from './create.js';

/** Asks on the screen for what no flag says. */
export const askPerson: Ask = async ({ name, contexts, transport, requireName }) => {
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
  const carried =
    transport ??
    (await select({
      message: 'How do other services learn what happened?',
      options: [
        {
          value: 'change-streams',
          label: 'change-streams',
          hint: 'one process over MongoDB, which needs nothing else',
        },
        { value: 'kafka', label: 'kafka', hint: 'a relay, and analytics in a process of their own, fed from a topic' },
      ] satisfies { value: Transport; label: string; hint: string }[],
    }));
  if (isCancel(carried)) return givenUp();
  return { name: called, contexts: chosen, transport: carried };
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
