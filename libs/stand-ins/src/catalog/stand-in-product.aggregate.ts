import { Aggregate, AggregateRoot, Apply, type Data } from '@nestfold/core';
import { ProductListed } from '@shop/contracts';

class StandInProductState {
  isListed = false;
}

/** A product of somebody else's catalogue, of which no more is known than that it is for sale. */
@Aggregate('product', { state: StandInProductState, events: [ProductListed] })
export class StandInProduct extends AggregateRoot<StandInProductState> {
  /** Nothing happens where it is listed already. */
  list(product: Data<ProductListed>): void {
    if (!this.state.isListed) this.emit(ProductListed, product);
  }

  @Apply(ProductListed) protected listed(): void {
    this.state.isListed = true;
  }
}
