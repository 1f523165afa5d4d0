import { Module, type CanActivate, type DynamicModule, type Type } from '@nestjs/common';
import { ConfigurationError } from '@nestfold/core';
import { AuditLog } from '../audit/audit-log.js';
import { DeadLettersController } from '../dead-letters/dead-letters.controller.js';
import { FeedController } from '../feed/feed.controller.js';
import { NodesController } from '../nodes/nodes.controller.js';
import { ProjectionsController } from '../projections/projections.controller.js';
import { RebuildStream } from '../rebuilds/rebuild-stream.js';
import { RebuildsController } from '../rebuilds/rebuilds.controller.js';
import { RelaysController } from '../relays/relays.controller.js';
import { AdminGuard } from '../security/admin.guard.js';
import { StreamRebuildsController } from '../stream-rebuilds/stream-rebuilds.controller.js';
import { StreamsController } from '../streams/streams.controller.js';
import { TopicsController } from '../topics/topics.controller.js';
import { ADMIN_GUARDS, ADMIN_OPTIONS, type AdminOptions } from './admin-options.js';

/**
 * What operators need, under `/admin`: projections, rebuilds, dead letters, streams, nodes, the feed, relays, topics. Guarded by the application's own guards, without which it
 * does not start; every change is logged and stored with its actor.
 *
 * @example `AdminModule.forRoot({ guard: AdminsOnly, imports: [AuthModule] })`
 * @publicApi
 */
@Module({})
export class AdminModule {
  /** Throws `ConfigurationError` when no guard is given. */
  static forRoot(options: AdminOptions): DynamicModule {
    const guards = guardsOf(options);
    return {
      module: AdminModule,
      imports: options.imports ?? [],
      controllers: [
        ProjectionsController,
        RebuildsController,
        DeadLettersController,
        StreamRebuildsController,
        StreamsController,
        NodesController,
        FeedController,
        RelaysController,
        TopicsController,
      ],
      providers: [
        ...guards,
        { provide: ADMIN_OPTIONS, useValue: options },
        { provide: ADMIN_GUARDS, inject: [...guards], useFactory: (...instances: CanActivate[]) => instances },
        AdminGuard,
        AuditLog,
        RebuildStream,
      ],
    };
  }
}

function guardsOf({ guard }: AdminOptions): readonly Type<CanActivate>[] {
  const guards = (Array.isArray(guard) ? guard : [guard]) as readonly (Type<CanActivate> | undefined)[];
  const sound = guards.filter(
    (one): one is Type<CanActivate> => typeof (one?.prototype as CanActivate | undefined)?.canActivate === 'function',
  );
  if (guards.length > 0 && sound.length === guards.length) return sound;
  throw new ConfigurationError(
    'AdminModule.forRoot got no guard: pass { guard: <a class with canActivate> } that lets administrators pass and nobody else. Without one anybody could read all events.',
  );
}
