import { Module, type DynamicModule } from '@nestjs/common';
import { AdminModule } from '@nestfold/admin';
import { documentAdmin } from '@nestfold/admin/openapi';
import type { StoreAdapter } from '@nestfold/core';
import { NestfoldHttpModule, NestfoldModule } from '@nestfold/nestjs';
import { CatalogModule } from '@shop/catalog';
import { CustomersModule } from '@shop/customers';
import { OrdersModule } from '@shop/orders';
import {
  AdminGuard,
  frameworkLogger,
  HealthModule,
  IdentityModule,
  type IdentifiedRequest,
  type ShopConfig,
} from '@shop/platform';
import type { Logger } from 'pino';
import { SeedModule } from './seed/seed.module.js';

/** What the composition needs beside the settings. */
export interface ShopParts {
  readonly store: StoreAdapter;
  readonly pino: Logger;
  /** How long the start looks for the store, in milliseconds. Default 30,000. */
  readonly connectWithinMs?: number;
}

documentAdmin();

/** The whole shop as one application: every context, over one store. */
@Module({})
export class ShopModule {}

/** Composes the shop. The contexts stay apart: they meet in the store's events only. */
export function shopModule(config: ShopConfig, { store, pino, connectWithinMs = 30_000 }: ShopParts): DynamicModule {
  return {
    module: ShopModule,
    imports: [
      NestfoldModule.forRoot({
        store,
        connectWithinMs,
        logger: frameworkLogger(pino),
        build: 'shop',
        drainMs: config.shutdownMs,
      }),
      NestfoldHttpModule.forRoot({
        principal: ({ principal }: IdentifiedRequest) => principal && { id: principal.id, roles: principal.roles },
      }),
      IdentityModule.forConfig(config),
      AdminModule.forRoot({ guard: AdminGuard }),
      HealthModule,
      CatalogModule,
      CustomersModule,
      OrdersModule,
      SeedModule,
    ],
  };
}
