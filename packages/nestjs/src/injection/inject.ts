import { Inject, Optional } from '@nestjs/common';
import type { Ctor } from '@nestfold/core';
import { injectionTokenOf, noteInjectedParameter, type InjectionKind } from './injection-token.js';

/**
 * Asks Nest for a repository or a read model. Optional for Nest, so that one that nobody registered is reported by the
 * start, together with everything else that is wrong; past the start nothing is missing.
 */
export function injectOf(kind: InjectionKind, of: Ctor<object>, owner: object, index: number): void {
  noteInjectedParameter(owner, { kind, of, index });
  // A class that a cycle of imports has not made yet: the start reports it by the note.
  if (typeof of !== 'function') return;
  Inject(injectionTokenOf(kind, of))(owner, undefined, index);
  Optional()(owner, undefined, index);
}
