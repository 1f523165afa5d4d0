import { randomUUID } from 'node:crypto';
import { streamName, type PayloadCodec, type StoreConnection, type StreamName } from '@nestfold/core';
import type { StoreFixture } from './fixture.js';

/** What a case works with. Cases of a suite share a store, so each names its own streams, keys and collections. */
export interface ContractContext {
  readonly fixture: StoreFixture;
  /** The suite's connection. */
  readonly store: StoreConnection;
  /** Opens one more connection, as another process; it is closed after the case. */
  connect(options?: { readonly codec?: PayloadCodec }): Promise<StoreConnection>;
  /** A name that no other case uses: letters, digits and `_`. */
  name(label: string): string;
  /** A stream that no other case uses. */
  stream(): StreamName;
}

/** One fact that holds for every store. */
export interface ContractCase {
  /** The fact, in present tense. */
  readonly title: string;
  readonly check: (context: ContractContext) => Promise<void>;
}

/** The facts about one port. They are data, so that a test can run them against a store that does nothing. */
export interface ContractSuite {
  readonly name: string;
  readonly cases: readonly ContractCase[];
}

/** States one fact. */
export function fact(title: string, check: ContractCase['check']): ContractCase {
  return { title, check };
}

/** Checks one fact on a connection, and closes what it opened beside that. */
export async function checkCase(one: ContractCase, fixture: StoreFixture, store: StoreConnection): Promise<void> {
  const opened: StoreConnection[] = [];
  try {
    await one.check({
      fixture,
      store,
      connect: async (options) => {
        const connection = await fixture.connect(options);
        opened.push(connection);
        return connection;
      },
      name: (label) => `${label}_${randomUUID().replaceAll('-', '')}`,
      stream: () => streamName('contract', randomUUID()),
    });
  } finally {
    for (const connection of opened) await connection.close();
  }
}
