import type { Data, Type } from '../data/type.js';
import type { KIND, RESULT } from '../message/result.js';

/**
 * A question that changes nothing: fields only, made by `FindOrder.of({ … })`. `R` is what its handler answers.
 * @publicApi
 */
export abstract class Query<R> {
  declare readonly [RESULT]?: R;
  declare readonly [KIND]?: 'query';

  /** Makes one; all fields are asked for. Checks nothing at run time. */
  static of<T extends object>(this: Type<T>, data: Data<T>): T {
    return Object.assign(new this(), data);
  }
}
