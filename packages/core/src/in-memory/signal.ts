/** Tells listeners that something may have changed: soon, once for all changes of one step, and never in the middle of it. */
export class Signal {
  private readonly listeners = new Set<() => void>();
  private raised = false;

  /** Answers how to stop. */
  on(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  raise(): void {
    if (this.raised) return;
    this.raised = true;
    queueMicrotask(() => {
      this.raised = false;
      for (const listener of [...this.listeners]) listener();
    });
  }
}
