import type { Data, Type } from '../data/type.js';
import type { KIND, RESULT } from '../message/result.js';
import type { CommandReceipt } from './command-receipt.js';

/**
 * A wish to change something, named in the imperative: fields only, made by `CancelOrder.of({ … })`. A constructor
 * that assigns would be undone by class fields. `R` is what its handler answers, a receipt by default.
 * @publicApi
 */
export abstract class Command<R = CommandReceipt> {
  declare readonly [RESULT]?: R;
  declare readonly [KIND]?: 'command';

  /** Makes one; all fields are asked for. Checks nothing at run time. */
  static of<T extends object>(this: Type<T>, data: Data<T>): T {
    return Object.assign(new this(), data);
  }
}
