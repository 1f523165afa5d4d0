import { Controller, Get, HttpCode, Param, Post, Req, UseGuards } from '@nestjs/common';
import { NotFound } from '@nestfold/core';
import { Nestfold } from '@nestfold/nestjs';
import { AuditLog } from '../audit/audit-log.js';
import { AdminGuard } from '../security/admin.guard.js';
import { redriveDto, refusedPageDto, type RefusedPageDto, type RefusedRedriveDto } from './refused.dto.js';
import { refusedQueryOf } from './refused-query.js';

/** What was refused of topics, for operators. */
@Controller('admin/topics')
@UseGuards(AdminGuard)
export class TopicsController {
  constructor(
    private readonly nestfold: Nestfold,
    private readonly audit: AuditLog,
  ) {}

  /** A page of it, the oldest first, each with its reason. */
  @Get(':topic/refused')
  async list(
    @Param('topic') topic: string,
    @Req() request: { readonly query?: Record<string, unknown> },
  ): Promise<RefusedPageDto> {
    const query = refusedQueryOf(request.query);
    return refusedPageDto(await this.nestfold.engine.refusedMessages(this.known(topic), query));
  }

  /** Asks for another try of all that waits behind it, in order. */
  @Post(':topic/refused/redrive')
  @HttpCode(202)
  async redrive(@Param('topic') topic: string, @Req() request: object): Promise<RefusedRedriveDto> {
    const actor = await this.audit.record(request, '$admin.refused-redrive-requested', { topic: this.known(topic) });
    return redriveDto(await this.nestfold.engine.redriveRefused(topic, actor));
  }

  /** Before anything is written down about it. */
  private known(topic: string): string {
    if (this.nestfold.engine.topicNames.includes(topic)) return topic;
    throw new NotFound('topic', topic.slice(0, 100));
  }
}
