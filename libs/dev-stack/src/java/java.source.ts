import type { Source } from '../support/ask-in-order.js';
import type { Machine } from '../support/machine.js';

/** Where a Java came from. @publicApi */
export type JavaSourceName = 'Java on PATH' | 'Java in the cache' | 'official download of Java' | 'Java in a wheel';

/** A Java that has run here. @internal */
export interface FoundJava {
  /** Path of the program. */
  readonly java: string;
}

/** One place to get a Java from: it returns one that it has seen running. @internal */
export type JavaSource = Source<JavaSourceName, Machine, FoundJava>;
