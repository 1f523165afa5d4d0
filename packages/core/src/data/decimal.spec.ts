import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from './decimal.js';

/** What a decimal text means, as a fraction: the yardstick, since it knows no places and no rounding. */
interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

function rational(text: string): Rational {
  const [whole = '', fraction = ''] = text.split('.');
  return {
    numerator: BigInt(whole.replace('-', '') + fraction) * (text.startsWith('-') ? -1n : 1n),
    denominator: 10n ** BigInt(fraction.length),
  };
}

const equal = (a: Rational, b: Rational): boolean => a.numerator * b.denominator === b.numerator * a.denominator;
const sum = (a: Rational, b: Rational): Rational => ({
  numerator: a.numerator * b.denominator + b.numerator * a.denominator,
  denominator: a.denominator * b.denominator,
});
const product = (a: Rational, b: Rational): Rational => ({
  numerator: a.numerator * b.numerator,
  denominator: a.denominator * b.denominator,
});
/** The sign of a − b. */
const order = (a: Rational, b: Rational): number => {
  const difference = sum(a, { ...b, numerator: -b.numerator }).numerator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

const decimalText = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 10n }),
    fc.integer({ min: 0, max: 5 }),
    fc.bigInt({ min: 0n, max: 99_999n }),
  )
  .map(([negative, whole, places, fraction]) => {
    const tail = places === 0 ? '' : `.${String(fraction).padStart(5, '0').slice(0, places)}`;
    return `${negative ? '-' : ''}${whole}${tail}`;
  });

const places = (text: string): number => text.split('.')[1]?.length ?? 0;

/** Whether `rounded` is the nearest to `exact` of all numbers with so many places, and the even one of two that are equally near. */
function isHalfEven(rounded: string, exact: Rational, to: number): boolean {
  const scale = 10n ** BigInt(to);
  const units = rational(rounded).numerator;
  // The distance from `exact`, in half units, over a common denominator.
  const distance = 2n * (exact.numerator * scale - units * exact.denominator);
  const magnitude = distance < 0n ? -distance : distance;
  const half = exact.denominator < 0n ? -exact.denominator : exact.denominator;
  return magnitude < half || (magnitude === half && units % 2n === 0n);
}

describe('Decimal', () => {
  it('keeps its text, the places included', () => {
    fc.assert(
      fc.property(decimalText, (text) => {
        // There is no negative zero.
        expect(Decimal.of(text).toString()).toBe(/^-0(\.0*)?$/.test(text) ? text.slice(1) : text);
      }),
    );
  });

  it('adds, subtracts and multiplies exactly', () => {
    fc.assert(
      fc.property(decimalText, decimalText, (a, b) => {
        const [left, right] = [rational(a), rational(b)];
        expect(equal(rational(Decimal.of(a).plus(b).toString()), sum(left, right))).toBe(true);
        expect(
          equal(rational(Decimal.of(a).minus(b).toString()), sum(left, { ...right, numerator: -right.numerator })),
        ).toBe(true);
        expect(equal(rational(Decimal.of(a).times(b).toString()), product(left, right))).toBe(true);
      }),
    );
  });

  it('keeps the greater number of places in a sum, and both in a product', () => {
    fc.assert(
      fc.property(decimalText, decimalText, (a, b) => {
        expect(Decimal.of(a).plus(b).places).toBe(Math.max(places(a), places(b)));
        expect(Decimal.of(a).times(b).places).toBe(places(a) + places(b));
      }),
    );
  });

  it('compares as the numbers do, whatever their places', () => {
    fc.assert(
      fc.property(decimalText, decimalText, (a, b) => {
        expect(Decimal.of(a).compare(b)).toBe(order(rational(a), rational(b)));
        expect(Decimal.of(a).equals(b)).toBe(equal(rational(a), rational(b)));
      }),
    );
    expect(Decimal.of('1.50').equals('1.5')).toBe(true);
  });

  it('rounds to the nearest, and halves to the even neighbour', () => {
    fc.assert(
      fc.property(decimalText, fc.integer({ min: 0, max: 7 }), (text, to) => {
        const rounded = Decimal.of(text).round(to);
        expect(rounded.places).toBe(to);
        expect(isHalfEven(rounded.toString(), rational(text), to)).toBe(true);
      }),
    );
    const halves = ['0.5', '1.5', '2.5', '-0.5', '-1.5', '-2.5'].map((text) => Decimal.of(text).round(0).toString());
    expect(halves).toEqual(['0', '2', '2', '0', '-2', '-2']);
  });

  it('divides to the nearest of so many places, and halves to the even neighbour', () => {
    fc.assert(
      fc.property(decimalText, decimalText, fc.integer({ min: 0, max: 7 }), (a, b, to) => {
        const divisor = rational(b);
        fc.pre(divisor.numerator !== 0n);
        const left = rational(a);
        const exact = {
          numerator: left.numerator * divisor.denominator,
          denominator: left.denominator * divisor.numerator,
        };
        const upright =
          exact.denominator < 0n ? { numerator: -exact.numerator, denominator: -exact.denominator } : exact;
        expect(isHalfEven(Decimal.of(a).dividedBy(b, to).toString(), upright, to)).toBe(true);
      }),
    );
    expect(() => Decimal.of(1).dividedBy('0.00', 2)).toThrow(RangeError);
  });

  it.each([
    ['1E+3', '1000'],
    ['-1.25E-7', '-0.000000125'],
    ['0E-8', '0.00000000'],
    ['12.5e1', '125'],
  ])('reads the database’s form %s as %s', (text, expected) => {
    expect(Decimal.of(text).toString()).toBe(expected);
  });

  it.each(['', ' 1', '1 ', '.5', '1.', '1,5', '0x10', 'NaN', 'Infinity', '1e', '--1', '1E9999'])(
    'refuses the text %j',
    (text) => {
      expect(() => Decimal.of(text)).toThrow(RangeError);
    },
  );

  it.each([0.1, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses the number %s, which no longer says what was meant',
    (number) => {
      expect(() => Decimal.of(number)).toThrow(/safe integer/);
    },
  );

  it('holds 34 digits and 34 places, no more', () => {
    expect(Decimal.of('9'.repeat(34)).toString()).toBe('9'.repeat(34));
    expect(Decimal.of(`0.${'0'.repeat(33)}1`).places).toBe(34);
    expect(() => Decimal.of('9'.repeat(35))).toThrow(RangeError);
    expect(() => Decimal.of('9'.repeat(34)).plus(1)).toThrow(RangeError);
    expect(() => Decimal.of(`0.${'0'.repeat(34)}1`)).toThrow(RangeError);
    expect(() => Decimal.of('1').round(1e9)).toThrow(RangeError);
  });

  it('does not read text that is far too long, nor repeats all of it', () => {
    // Without the bound on text it is the number of digits that is refused, after they were turned into a number.
    expect(() => Decimal.of('9'.repeat(100_000))).toThrow(/^'9{100}' is no decimal number\.$/);
  });

  it('is text in JSON, and is recognised across copies of this package', () => {
    expect(JSON.stringify({ total: Decimal.of('12.50') })).toBe('{"total":"12.50"}');
    const foreign = { [Symbol.for('@nestfold/decimal')]: true, toString: () => '7.0' };
    expect(Decimal.isDecimal(foreign)).toBe(true);
    expect(Decimal.of(foreign as unknown as Decimal).toString()).toBe('7.0');
    expect([Decimal.isDecimal('1'), Decimal.isDecimal(null), Decimal.isDecimal({})]).toEqual([false, false, false]);
  });
});
