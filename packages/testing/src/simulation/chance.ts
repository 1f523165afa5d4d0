/** Seeded chance: the same seed gives the same numbers on every machine (sfc32). */
export class Chance {
  private a: number;
  private b: number;
  private c: number;
  private count = 1;

  constructor(seed: number) {
    // The seed is spread over the state, or neighbours would begin alike.
    let state = seed >>> 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return (mixed ^ (mixed >>> 15)) >>> 0;
    };
    this.a = next();
    this.b = next();
    this.c = next();
    for (let round = 0; round < 8; round += 1) this.bits();
  }

  /** 32 random bits. */
  bits(): number {
    const sum = (((this.a + this.b) >>> 0) + this.count) >>> 0;
    this.count = (this.count + 1) >>> 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) >>> 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) >>> 0;
    this.c = (this.c + sum) >>> 0;
    return sum;
  }

  /** A number in [0, 1). */
  number(): number {
    return this.bits() / 0x1_0000_0000;
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return probability > 0 && this.number() < probability;
  }

  /** A number in [from, to). */
  between(from: number, to: number): number {
    return from + (to - from) * this.number();
  }

  /** A whole number in [from, to]. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.number() * (to - from + 1));
  }

  /** One of some; throws for none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('There is nothing to pick from.');
    return items[Math.floor(this.number() * items.length)]!;
  }

  /** A UUID (version 4 in form). */
  uuid(): string {
    const hex = [this.bits(), this.bits(), this.bits(), this.bits()].map((bits) => bits.toString(16).padStart(8, '0'));
    const [one = '', two = '', three = '', four = ''] = hex;
    return `${one}-${two.slice(0, 4)}-4${two.slice(5)}-8${three.slice(1, 4)}-${three.slice(4)}${four}`;
  }

  /** Chance of its own, that neither takes from nor gives to this one. */
  fork(): Chance {
    return new Chance(this.bits());
  }
}
