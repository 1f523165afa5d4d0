/** What has been opened, to be closed in the opposite order: what serves ends before what it stands on. */
export class Closing {
  private readonly steps: (() => Promise<unknown>)[] = [];

  /** To be closed before everything that was added earlier. */
  add(step: () => Promise<unknown>): void {
    this.steps.push(step);
  }

  /** Closes everything once; a step that fails does not keep the others open. Throws the first failure afterwards. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      await step().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}
