import type { Command } from '../command/command.js';

/** Something that a process manager wants to happen; the runtime makes it durable with the process's state. */
export interface Effect {
  readonly effect: true;
}

/**
 * A process as the methods of its manager see it: state to read, and effects to return. Nothing happens by calling; what
 * is not returned is forgotten. An abstract class, since decorated methods name it.
 * @publicApi
 */
export abstract class Process<S> {
  abstract readonly state: Readonly<S>;
  /** Changes fields of the state. */
  abstract set(changes: Partial<S>): Effect;
  /** Sends a command as a named step; `within` (such as `2m`) limits how long its outcome may take. */
  // `any`: what the command answers plays no part here, and stands in an invariant place.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  abstract step(name: string, command: Command<any>, options?: { readonly within: string }): Effect;
  /** Ends the process by undoing its completed steps, the last one first. */
  abstract compensate(reason: string): Effect;
}
