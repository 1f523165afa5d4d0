import { Controller, Get, HttpCode, Param, Post, Req, UseGuards } from '@nestjs/common';
import { NotFound } from '@nestfold/core';
import { Nestfold } from '@nestfold/nestjs';
import type { DeadLetter } from '@nestfold/projections';
import { AuditLog } from '../audit/audit-log.js';
import { AdminGuard } from '../security/admin.guard.js';
import { deadLetterDto, deadLetterPageDto, type DeadLetterDto, type DeadLetterPageDto } from './dead-letter.dto.js';
import { deadLetterIdOf, deadLetterQueryOf } from './dead-letter-query.js';

/** Events that could not be applied, for operators. */
@Controller('admin/dead-letters')
@UseGuards(AdminGuard)
export class DeadLettersController {
  constructor(
    private readonly nestfold: Nestfold,
    private readonly audit: AuditLog,
  ) {}

  /** Those of all projections and handlers, or of one of them, a page at a time. */
  @Get()
  async list(@Req() request: { readonly query?: Record<string, unknown> }): Promise<DeadLetterPageDto> {
    return deadLetterPageDto(await this.nestfold.engine.deadLetters(deadLetterQueryOf(request.query)));
  }

  /** One of them; 404 when its stream waits no longer. */
  @Get(':id')
  async one(@Param('id') id: string): Promise<DeadLetterDto> {
    return deadLetterDto(await this.find(id));
  }

  /** Asks for another attempt at what waits, in order. */
  @Post(':id/retry')
  @HttpCode(202)
  async retry(@Param('id') id: string, @Req() request: object): Promise<DeadLetterDto> {
    const letter = await this.find(id);
    const actor = await this.record(request, '$admin.dead-letter-retry-requested', letter);
    return deadLetterDto(await this.nestfold.engine.retryDeadLetter(letter.id, actor));
  }

  /** Asks to leave out, for good, the one event that fails, and to go on behind it. */
  @Post(':id/discard')
  @HttpCode(202)
  async discard(@Param('id') id: string, @Req() request: object): Promise<DeadLetterDto> {
    const letter = await this.find(id);
    const actor = await this.record(request, '$admin.dead-letter-discard-requested', letter);
    return deadLetterDto(await this.nestfold.engine.discardDeadLetter(letter.id, actor));
  }

  private record(
    request: object,
    type: '$admin.dead-letter-retry-requested' | '$admin.dead-letter-discard-requested',
    { id, projection, handler, error }: DeadLetter,
  ): Promise<string> {
    const whose = projection === undefined ? { handler: handler ?? '' } : { projection };
    return this.audit.record(request, type, { deadLetter: id, event: error.event, ...whose });
  }

  private async find(id: string): Promise<DeadLetter> {
    const letter = await this.nestfold.engine.deadLetter(deadLetterIdOf(id));
    if (letter === undefined) throw new NotFound('dead letter', id);
    return letter;
  }
}
