import { randomUUID } from 'node:crypto';
import { ForbiddenException, Inject, Injectable, Logger } from '@nestjs/common';
import { streamName, type Actor } from '@nestfold/core';
import { currentActor, currentCorrelationId, Nestfold } from '@nestfold/nestjs';
import { ADMIN_OPTIONS, type AdminOptions } from '../module/admin-options.js';
import type { AuditEvent, AuditSubject } from './audit-event.js';

/**
 * Writes down who asks for which change, before it is made: in the log and, durably, as an event of the system's stream of the month. A
 * change that cannot be written down is not made.
 */
@Injectable()
export class AuditLog {
  private readonly logger = new Logger('NestfoldAdmin');

  constructor(
    private readonly nestfold: Nestfold,
    @Inject(ADMIN_OPTIONS) private readonly options: AdminOptions,
  ) {}

  /** Answers the actor's id. Throws `ForbiddenException` when nobody is known, and what the store throws. */
  async record(request: object, type: AuditEvent['type'], subject: AuditSubject): Promise<string> {
    const actor = this.options.actor === undefined ? currentActor() : this.options.actor(request);
    if (actor === undefined)
      throw new ForbiddenException('Nobody is known to have asked for this change, so it is not made.');
    const correlationId = currentCorrelationId() ?? randomUUID();
    await this.append(
      { type, data: { ...subject, actor: { id: actor.id, roles: [...(actor.roles ?? [])] } } },
      actor,
      correlationId,
    );
    this.logger.log(`${type} ${JSON.stringify({ ...subject, actor: actor.id, correlationId })}`);
    return actor.id;
  }

  private async append({ type, data }: AuditEvent, actor: Actor, correlationId: string): Promise<void> {
    const commitId = randomUUID();
    const month = new Date().toISOString().slice(0, 7);
    await this.nestfold.connection.events.append([
      {
        stream: streamName('$admin', month),
        expected: 'any',
        events: [{ type, schema: 1, data }],
        commitId,
        metadata: { correlationId, causationId: commitId, actor },
      },
    ]);
  }
}
