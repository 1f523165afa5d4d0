import type { StoreAdapter } from '@nestfold/core';

const FIRST_WORD_MS = 1_000;

/** A store whose search for its server is said once it lasts, and ends when the start is given up. */
export function awaitedStore(
  store: StoreAdapter,
  servers: string,
  say: (line: string) => void,
  wanted: AbortSignal,
): StoreAdapter {
  return {
    kind: store.kind,
    connect: async (options) => {
      const word = setTimeout(() => say(`Waiting for MongoDB at ${servers} …`), FIRST_WORD_MS);
      try {
        return await store.connect({ ...options, signal: wanted });
      } finally {
        clearTimeout(word);
      }
    },
  };
}
