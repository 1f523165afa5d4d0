import { StoreUnavailable, type Environment } from '@nestfold/core';
import { heard } from './until-aborted.js';

/** How long a question may take that several share: one whose answer is lost on the way would hold up all of them. */
const LONGEST_MS = 10_000;

/** The answer to a question that several share. Throws `StoreUnavailable`, with `silence` as its message, where there is none in time. */
export async function inTime<T>(environment: Environment, question: Promise<T>, silence: string): Promise<T> {
  const answered = new AbortController();
  const late = environment.sleep(LONGEST_MS, answered.signal).then(() => {
    throw new StoreUnavailable(silence);
  });
  try {
    return await Promise.race([question, heard(late)]);
  } finally {
    answered.abort();
  }
}
