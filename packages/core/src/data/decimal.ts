const DECIMAL = Symbol.for('@nestfold/decimal');
const FORM = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;
const MAX_DIGITS = 34;
const TOO_LARGE = 10n ** BigInt(MAX_DIGITS);
/** Longer text is refused before it is read as a number: a client's megabytes of digits would keep the process busy for seconds. */
const MAX_TEXT = 100;

/**
 * An exact decimal number of at most 34 digits and 34 places, immutable. Keeps its places (`12.50` stays `12.50`; the value of a sum
 * that a database makes is exact, its places may be fewer where nothing was added: compare by `equals`), is stored as the database's own
 * decimal type, and is text in JSON. Throws `RangeError` for what is no such number, and for results that would be none.
 * @publicApi
 */
export class Decimal {
  readonly [DECIMAL] = true;

  private constructor(
    private readonly units: bigint,
    /** The number of places after the point. */
    readonly places: number,
  ) {
    if (units >= TOO_LARGE || units <= -TOO_LARGE) throw new RangeError(`A Decimal has at most ${MAX_DIGITS} digits.`);
    checkPlaces(places);
  }

  /** From text such as `-12.50` (or `1.25E-7`, as databases answer), from a safe integer, or from another Decimal, also of another copy of this package. */
  static of(value: string | number | bigint | Decimal): Decimal {
    if (value instanceof Decimal) return value;
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      throw new RangeError(`${value} is no safe integer: write a fraction as text, such as '12.50'.`);
    }
    const text = String(value);
    const match = text.length > MAX_TEXT ? null : FORM.exec(text);
    if (!match) throw new RangeError(`'${text.slice(0, MAX_TEXT)}' is no decimal number.`);
    const [, sign, whole = '', fraction = '', exponent = '0'] = match;
    const places = fraction.length - Number(exponent);
    const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
    if (places < 0) checkPlaces(-places);
    return places < 0 ? new Decimal(digits * 10n ** BigInt(-places), 0) : new Decimal(digits, places);
  }

  /** Whether a value is a Decimal, of whichever copy of this package. */
  static isDecimal(value: unknown): value is Decimal {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[DECIMAL] === true;
  }

  plus(other: Decimal | string | number): Decimal {
    const right = Decimal.of(other);
    const places = Math.max(this.places, right.places);
    return new Decimal(this.unitsAt(places) + right.unitsAt(places), places);
  }

  minus(other: Decimal | string | number): Decimal {
    return this.plus(Decimal.of(other).negated());
  }

  times(other: Decimal | string | number): Decimal {
    const right = Decimal.of(other);
    return new Decimal(this.units * right.units, this.places + right.places);
  }

  /** Divides, rounded half to even at `places`. */
  dividedBy(other: Decimal | string | number, places: number): Decimal {
    const right = Decimal.of(other);
    checkPlaces(places);
    if (right.units === 0n) throw new RangeError('A Decimal cannot be divided by zero.');
    return new Decimal(
      divideHalfEven(this.units * 10n ** BigInt(right.places + places), right.units * 10n ** BigInt(this.places)),
      places,
    );
  }

  negated(): Decimal {
    return new Decimal(-this.units, this.places);
  }

  /** With exactly so many places, rounded half to even. */
  round(places: number): Decimal {
    checkPlaces(places);
    if (places >= this.places) return new Decimal(this.unitsAt(places), places);
    return new Decimal(divideHalfEven(this.units, 10n ** BigInt(this.places - places)), places);
  }

  /** Negative, 0 or positive, as for `Array.sort`. */
  compare(other: Decimal | string | number): number {
    const right = Decimal.of(other);
    const places = Math.max(this.places, right.places);
    const difference = this.unitsAt(places) - right.unitsAt(places);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  equals(other: Decimal | string | number): boolean {
    return this.compare(other) === 0;
  }

  toString(): string {
    const sign = this.units < 0n ? '-' : '';
    const digits = (this.units < 0n ? -this.units : this.units).toString().padStart(this.places + 1, '0');
    const point = digits.length - this.places;
    return this.places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  }

  toJSON(): string {
    return this.toString();
  }

  private unitsAt(places: number): bigint {
    return this.units * 10n ** BigInt(places - this.places);
  }
}

function checkPlaces(places: number): void {
  if (!(Number.isInteger(places) && places >= 0 && places <= MAX_DIGITS))
    throw new RangeError(`A Decimal has 0 to ${MAX_DIGITS} places, not ${places}.`);
}

function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twice = 2n * (dividend % divisor);
  const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
  const up = magnitude(twice) > magnitude(divisor) || (magnitude(twice) === magnitude(divisor) && quotient % 2n !== 0n);
  if (!up) return quotient;
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}
