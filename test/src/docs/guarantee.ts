/** The name of a guarantee: the letter of its area and a number, such as `W-3`. A number is never given to another guarantee. */
export const ID = /[A-Z]-\d+/;

/** A sentence that users may rely on, as a page of `docs/contract` states it. */
export interface Guarantee {
  readonly id: string;
  /** `<page>:<line>`. */
  readonly place: string;
  /** The files behind "Held by", from the root of the workspace. */
  readonly heldBy: readonly string[];
}

/** A test that names guarantees at the end of its title, such as `'of two writers one wins [W-1, W-4]'`. */
export interface CitingTest {
  readonly file: string;
  /** `<file>:<line>`. */
  readonly place: string;
  readonly ids: readonly string[];
  /** It is not run, or is to fail: it holds nothing. */
  readonly isSkipped: boolean;
}
