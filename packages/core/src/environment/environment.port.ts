/**
 * Time and chance, as the runtimes see them. Production uses `systemEnvironment`; a simulation gives virtual time and
 * seeded chance. An implementer owes: `sleep` ends at once when the signal aborts, without an error.
 */
export interface Environment {
  /** Milliseconds since 1970. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  uuid(): string;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls `task` after each period until the returned function is called; does not keep the process alive. */
  every(milliseconds: number, task: () => void): () => void;
}
