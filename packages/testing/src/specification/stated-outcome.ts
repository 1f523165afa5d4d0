import { eventDefinitionOf, plainEventData, type Data, type Type } from '@nestfold/core';
import { expect } from 'vitest';
import { isAwaiting } from './awaiting.js';
import type { Decided } from './decided.js';
import type { Then } from './words.js';

/** Compares what was decided with what is said of it, sentence by sentence. */
export class StatedOutcome implements Then {
  private readonly stated: object[] = [];
  private isComplete = false;

  constructor(
    private readonly subject: string,
    private readonly decided: Decided,
  ) {}

  then<E extends object>(event: Type<E>, data: NoInfer<Data<E>>): Then {
    const args: readonly unknown[] = [event, data];
    if (isAwaiting(args)) return this.awaited(...args) as unknown as Then;
    const { name } = eventDefinitionOf(event);
    this.stated.push({ type: name, data: plainEventData(name, data) });
    // Those that were not spoken of yet are left for the end of the test.
    const events = this.events().slice(0, this.stated.length);
    this.compare(events, this.stated, 'decided other events than expected');
    return this;
  }

  refused(code: string): void {
    this.isComplete = true;
    const refusal = 'refusal' in this.decided ? this.decided.refusal : undefined;
    const actual = refusal ? { refused: refusal.code } : { events: this.events() };
    this.compare(actual, { refused: code }, 'was to be refused');
  }

  thenNothing(): void {
    this.isComplete = true;
    this.compare(this.events(), [], 'was to decide nothing');
  }

  /** Throws when something was decided of which nothing is said. */
  complete(): void {
    if (this.isComplete) return;
    this.isComplete = true;
    if (this.stated.length === 0)
      throw new Error(
        this.message('is said to do something, but not what: end with then(…), thenNothing() or refused(…)'),
      );
    this.compare(this.events(), this.stated, 'decided more events than expected');
  }

  private compare(actual: unknown, expected: unknown, fault: string): void {
    try {
      expect(actual, this.message(fault)).toEqual(expected);
    } catch (error) {
      // Said once: the end of the test has nothing to add.
      this.isComplete = true;
      throw error;
    }
  }

  private events(): readonly object[] {
    if ('refusal' in this.decided) throw this.refusalInstead(this.decided.refusal);
    return this.decided.events.map(({ type, data }) => ({ type, data }));
  }

  private refusalInstead(refusal: Error & { readonly code: string }): Error {
    this.isComplete = true;
    return new Error(this.message(`refused ('${refusal.code}': ${refusal.message}) instead of deciding`), {
      cause: refusal,
    });
  }

  private message(what: string): string {
    return `${this.subject} ${what}`;
  }

  private async awaited(resolve: () => unknown, reject?: ((error: unknown) => unknown) | null): Promise<void> {
    try {
      this.complete();
      resolve();
    } catch (error) {
      reject?.(error);
    }
  }
}
