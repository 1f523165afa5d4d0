import type { Ctor } from '@nestfold/core';
import type { ReadModel } from '@nestfold/projections';
import { injectOf } from './inject.js';

/**
 * Injects the read side of a model that `NestfoldModule.forFeature({ readModels })` names, in whichever module. The
 * parameter's type must be that model's `ReadModel`. Usable from `onModuleInit` on; reads answer once its projection is live.
 *
 * @example `constructor(@InjectReadModel(OrderView) private readonly orders: ReadModel<OrderView>) {}`
 * @publicApi
 */
export function InjectReadModel<D extends object>(
  model: Ctor<D>,
  // `any`: the other parameters may be of every kind.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
): <C extends abstract new (...args: any[]) => unknown, const I extends number>(
  target: C,
  key: undefined,
  index: ReadModel<D> extends ConstructorParameters<C>[I] ? I : never,
) => void {
  return (target, _key, index) => injectOf('read-model', model, target, index);
}
