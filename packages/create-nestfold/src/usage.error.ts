/** Something that was asked for cannot be done; the message ends with what to do instead. Nothing has been written. */
export class UsageError extends Error {
  constructor(problem: string, remedy: string) {
    super(`${problem}\n${remedy}`);
    this.name = 'UsageError';
  }
}
