import { AsyncLocalStorage } from 'node:async_hooks';
import type { MessageContext } from './message-context.js';

const storage = new AsyncLocalStorage<MessageContext>();

/** The context of the message that is being handled; `undefined` outside of any handling. */
export function currentContext(): MessageContext | undefined {
  return storage.getStore();
}

/** Calls `run` with a context that everything it calls and awaits will see. */
export function runInContext<R>(context: MessageContext, run: () => R): R {
  return storage.run(context, run);
}
