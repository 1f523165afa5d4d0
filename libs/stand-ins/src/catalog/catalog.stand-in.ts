import { Injectable, Module } from '@nestjs/common';
import { Repository } from '@nestfold/core';
import { InjectRepository, NestfoldModule } from '@nestfold/nestjs';
import { sampleProducts } from './sample-products.js';
import { StandInProduct } from './stand-in-product.aggregate.js';

/** States what a catalogue would: that there are products, and what they cost. */
@Injectable()
export class CatalogStandIn {
  constructor(@InjectRepository(StandInProduct) private readonly products: Repository<StandInProduct>) {}

  /** Lists the samples, each once however often it is asked to. Answers their ids. */
  async state(): Promise<readonly string[]> {
    for (const product of sampleProducts) await this.products.save(product.productId, (listed) => listed.list(product));
    return sampleProducts.map(({ productId }) => productId);
  }
}

/** Brings the stand-in where the context of products is not part of the application. */
@Module({
  imports: [NestfoldModule.forFeature({ aggregates: [StandInProduct] })],
  providers: [CatalogStandIn],
  exports: [CatalogStandIn],
})
export class CatalogStandInModule {}
