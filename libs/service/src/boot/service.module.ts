import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { AdminModule } from '@nestfold/admin';
import { documentAdmin } from '@nestfold/admin/openapi';
import type { EventTransport, StoreAdapter } from '@nestfold/core';
import { NestfoldHttpModule, NestfoldModule, type Role } from '@nestfold/nestjs';
import {
  AdminGuard,
  frameworkLogger,
  HealthModule,
  IdentityModule,
  type IdentifiedRequest,
  type ShopConfig,
} from '@shop/platform';
import type { Logger } from 'pino';

/** What a service is composed of. */
export interface ServiceParts {
  /** Names what is deployed, for operators. */
  readonly name: string;
  readonly store: StoreAdapter;
  readonly transport: EventTransport;
  readonly roles: readonly Role[];
  /** The contexts that run in it. */
  readonly contexts: readonly Type[];
  readonly pino: Logger;
}

documentAdmin();

/** A service as one application: its contexts over a store of its own and the topics of others. */
@Module({})
export class ServiceModule {}

/** Composes a service, with the shop's rules of access, its health and its endpoints for operators. */
export function serviceModule(
  config: Pick<ShopConfig, 'auth' | 'dataFolder' | 'shutdownMs'>,
  { name, store, transport, roles, contexts, pino }: ServiceParts,
): DynamicModule {
  return {
    module: ServiceModule,
    imports: [
      NestfoldModule.forRoot({
        store,
        transports: [transport],
        roles,
        logger: frameworkLogger(pino),
        build: name,
        drainMs: config.shutdownMs,
      }),
      NestfoldHttpModule.forRoot({
        principal: ({ principal }: IdentifiedRequest) => principal && { id: principal.id, roles: principal.roles },
      }),
      IdentityModule.forConfig(config),
      AdminModule.forRoot({ guard: AdminGuard }),
      HealthModule,
      ...contexts,
    ],
  };
}
