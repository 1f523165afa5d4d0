/** What every network is to bring through in time. */
const LEAST_BYTES = 64 * 1024;
/** By how much a portion grows, and what part of the time it must have left free for that: as large, it takes a quarter of the time. */
const [GROWTH, HASTE] = [4, 16];

/**
 * How much goes through the network at a time: all that is wanted, until it did not come in time; from then on little, and more again as long as it
 * comes fast. What goes through at one go without an end in time would be asked for again, as a whole, for ever.
 */
export class Portion {
  private limit: number;

  /** `mostBytes` is what is wanted where the network is good, `patienceMs` how long an answer is waited for. */
  constructor(
    private readonly mostBytes: number,
    private readonly patienceMs: number,
  ) {
    this.limit = mostBytes;
  }

  get bytes(): number {
    return this.limit;
  }

  unanswered(): void {
    this.limit = Math.min(LEAST_BYTES, this.mostBytes);
  }

  /** Notes what went through, and how long that took. True: the portion is larger from now on. */
  answered(bytes: number, milliseconds: number): boolean {
    const isFull = bytes >= this.limit / 2;
    if (!isFull || milliseconds > this.patienceMs / HASTE || this.limit === this.mostBytes) return false;
    this.limit = Math.min(this.limit * GROWTH, this.mostBytes);
    return true;
  }
}
