import type { Ctor, Repository } from '@nestfold/core';
import { injectOf } from './inject.js';

/**
 * Injects the repository of an aggregate that `NestfoldModule.forFeature({ aggregates })` names, in whichever module. The
 * parameter's type must be that aggregate's `Repository`. Usable from `onModuleInit` on.
 *
 * @example `constructor(@InjectRepository(Order) private readonly orders: Repository<Order>) {}`
 * @publicApi
 */
export function InjectRepository<A extends object>(
  aggregate: Ctor<A>,
  // `any`: the other parameters may be of every kind.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
): <C extends abstract new (...args: any[]) => unknown, const I extends number>(
  target: C,
  key: undefined,
  index: Repository<A> extends ConstructorParameters<C>[I] ? I : never,
) => void {
  return (target, _key, index) => injectOf('repository', aggregate, target, index);
}
