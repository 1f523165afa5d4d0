import type { INestApplicationContext, Type } from '@nestjs/common';

/** How a filling is followed and ended. */
export interface FillOptions {
  /** Hears how far it is. */
  readonly say: (line: string) => void;
  /** Ends it between two commands; the next start completes it. */
  readonly signal: AbortSignal;
}

/** Which contexts run in a process, and what a developer's empty database is filled with. */
export interface Composition {
  readonly modules: readonly Type[];
  /** Adds what is not there yet, however often it is called. */
  fill(app: INestApplicationContext, options: FillOptions): Promise<void>;
}
