import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { InvalidMessage, type Ctor } from '@nestfold/core';
import { readSimple } from './simple-values.js';
import { refuseUnfitStructure } from './structure.js';
import { validInstance } from './valid-message.js';

const SIMPLE = new Set<unknown>([String, Number, Boolean, Date, Array]);

/**
 * Checks what controllers are given from body, query and path, and closes what Nest's own pipe leaves open: nesting without end, `$…` and
 * `__proto__` keys, lists and objects where a simple value is declared, parts whose class nobody named, classes without rules. Parameters
 * of custom decorators pass: they are the application's own. Throws `InvalidMessage` with everything that is wrong.
 */
@Injectable()
export class NestfoldValidationPipe implements PipeTransform {
  async transform(value: unknown, { type, metatype, data }: ArgumentMetadata): Promise<unknown> {
    if (type === 'custom' || Buffer.isBuffer(value)) return value;
    const name = NAMES[type];
    refuseUnfitStructure(name, value, data ?? '');
    const fromText = type !== 'body';
    if (data !== undefined || SIMPLE.has(metatype)) return this.simple(value, metatype, fromText, name, data ?? type);
    // No class to check by: text is all that a path or a query holds.
    if (metatype === undefined || metatype === Object) return fromText ? this.flat(value, name) : value;
    if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw new InvalidMessage(name, [{ path: '', message: `${name.toLowerCase()} must be an object` }]);
    }
    return validInstance(metatype as Ctor<object>, value ?? {}, name);
  }

  private simple(value: unknown, metatype: unknown, fromText: boolean, name: string, path: string): unknown {
    const read = readSimple(value, metatype, fromText, path);
    if ('problems' in read) throw new InvalidMessage(name, read.problems);
    return read.value;
  }

  private flat(value: unknown, name: string): unknown {
    const fields = Object.entries(value ?? {});
    const problems = fields
      .filter(([, field]) => typeof field !== 'string')
      .map(([path]) => ({ path, message: `${path} must be given once` }));
    if (problems.length > 0) throw new InvalidMessage(name, problems);
    return value;
  }
}

const NAMES = { body: 'The body', query: 'The query', param: 'The path' } as const;

/**
 * The pipe that `NestfoldHttpModule` puts before all controllers, for applications that register it by hand.
 *
 * @example `app.useGlobalPipes(nestfoldValidation())`
 * @publicApi
 */
export function nestfoldValidation(): PipeTransform {
  return new NestfoldValidationPipe();
}
