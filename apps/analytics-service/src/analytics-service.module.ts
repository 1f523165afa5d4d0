import type { DynamicModule } from '@nestjs/common';
import { AnalyticsModule } from '@shop/analytics';
import type { ApiDescription } from '@shop/platform';
import { serviceModule, type ServiceParts } from '@shop/service';

/** What the service's contract is called. */
export const ABOUT: ApiDescription = {
  title: 'Nestfold shop: analytics',
  description: 'Figures of what customers do. They follow the shop’s topic within moments.',
};

/** Composes the service. It has no commands: what it knows it has read. */
export function analyticsService(
  config: Parameters<typeof serviceModule>[0],
  parts: Pick<ServiceParts, 'store' | 'transport' | 'pino'>,
): DynamicModule {
  return serviceModule(config, {
    ...parts,
    name: 'analytics',
    roles: ['queries', 'projections'],
    contexts: [AnalyticsModule],
  });
}
