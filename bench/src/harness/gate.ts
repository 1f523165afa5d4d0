/** Lets nobody through while it is shut. */
export class Gate {
  private opened = Promise.resolve();
  private open_: () => void = () => undefined;

  shut(): void {
    this.opened = new Promise((resolve) => (this.open_ = resolve));
  }

  open(): void {
    this.open_();
  }

  /** Resolves once it is open. */
  pass(): Promise<void> {
    return this.opened;
  }
}
