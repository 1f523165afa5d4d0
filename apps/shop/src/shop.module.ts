import { Module, type DynamicModule } from '@nestjs/common';
import { AdminModule } from '@nestfold/admin';
import { documentAdmin } from '@nestfold/admin/openapi';
import type { StoreAdapter } from '@nestfold/core';
import { NestfoldHttpModule, NestfoldModule } from '@nestfold/nestjs';
import {
  AdminGuard,
  frameworkLogger,
  HealthModule,
  IdentityModule,
  type IdentifiedRequest,
  type ShopConfig,
} from '@shop/platform';
import type { Logger } from 'pino';
import type { Composition } from './composition.js';
import { composition } from './contexts.js';

/** What the composition needs beside the settings. */
export interface ShopParts {
  readonly store: StoreAdapter;
  readonly pino: Logger;
  /** How long the start looks for the store, in milliseconds. Default 30,000. */
  readonly connectWithinMs?: number;
  /** The contexts that run in this process. Default: those of `contexts.ts`. */
  readonly contexts?: Pick<Composition, 'modules'>;
}

documentAdmin();

/** The shop as one application: its contexts over one store. */
@Module({})
export class ShopModule {}

/** Composes the shop. The contexts stay apart: they meet in the store's events only. */
export function shopModule(
  config: ShopConfig,
  { store, pino, connectWithinMs = 30_000, contexts = composition }: ShopParts,
): DynamicModule {
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
      ...contexts.modules,
    ],
  };
}
