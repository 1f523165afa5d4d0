import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsDate, IsInt, IsString, Max, Validate, ValidateNested, ValidatorConstraint } from 'class-validator';
import { Decimal } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { keepsRules } from './keeps-rules.js';

@ValidatorConstraint()
class IsDecimal {
  validate(value: unknown): boolean {
    return Decimal.isDecimal(value);
  }
}

class Line {
  @IsString() sku!: string;
  @IsInt() @Max(10) quantity!: number;
}

class Placed {
  @IsString() orderId!: string;
  @IsDate() at!: Date;
  @Validate(IsDecimal) total!: Decimal;
  @ValidateNested({ each: true }) @Type(() => Line) lines!: Line[];
}

const good = { orderId: '1', at: new Date(0), total: Decimal.of('1.50'), lines: [{ sku: 'a', quantity: 1 }] };

/** As the framework hands over what arrives. */
const placed = (data: object): object => Object.setPrototypeOf(data, Placed.prototype) as object;

describe('keepsRules', () => {
  it('takes data that keeps the rules of its class, and leaves it as it is', () => {
    const data = structuredClone({ ...good, total: undefined });
    Object.assign(data, { total: good.total });
    expect(keepsRules(placed(data))).toEqual([]);
    expect(data).toEqual(good);
  });

  it.each([
    ['a wrong type', { ...good, orderId: { toString: 'x' } }, /orderId/],
    ['a field that nobody declared', { ...good, admin: true }, /admin/],
    ['a part that breaks its rules', { ...good, lines: [{ sku: 'a', quantity: 11 }] }, /quantity/],
    ['one part instead of a list', { ...good, lines: good.lines[0] }, /lines/],
    ['a missing field', { ...good, at: undefined }, /at/],
    ['a key that means something to the database', { ...good, lines: [{ $where: '1' }] }, /\$where/],
    ['a field named as what every object has', { ...good, constructor: 'x' }, /constructor/],
    ['a key that means something to objects', JSON.parse('{"__proto__": {"orderId": "1"}}') as object, /__proto__/],
  ])('refuses %s [K-12]', (_, data, problem) => {
    expect(keepsRules(placed(data)).join('; ')).toMatch(problem);
  });

  it('refuses everything for a class without rules', () => {
    class Bare {}
    expect(keepsRules(new Bare())).toEqual(['Bare has no rules']);
  });
});
