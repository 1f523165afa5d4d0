import 'reflect-metadata';
import type { Ctor } from '@nestfold/core';

/** What `@CommandHandler` and `@QueryHandler` write. Text keys and own metadata: there is no registry, and nothing is inherited. */
export type HandlerKind = 'command' | 'query';

const KEYS: Readonly<Record<HandlerKind, string>> = {
  command: 'nestfold:command-handler',
  query: 'nestfold:query-handler',
};

export function writeHandledMessage(kind: HandlerKind, handler: Ctor<object>, message: Ctor<object>): void {
  Reflect.defineMetadata(KEYS[kind], message, handler);
}

/** The message that a class handles, as its decorator named it: whatever that was, since a cycle of imports makes it `undefined`. */
export function handledMessageOf(kind: HandlerKind, handler: Ctor<object>): { readonly message: unknown } | undefined {
  if (!Reflect.hasOwnMetadata(KEYS[kind], handler)) return undefined;
  return { message: Reflect.getOwnMetadata(KEYS[kind], handler) };
}
