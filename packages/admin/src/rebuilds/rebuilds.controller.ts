import {
  ConflictException,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { NotFound } from '@nestfold/core';
import { Nestfold } from '@nestfold/nestjs';
import type { RebuildStatus } from '@nestfold/projections';
import { AuditLog } from '../audit/audit-log.js';
import { AdminGuard } from '../security/admin.guard.js';
import { rebuildDto, type RebuildDto } from './rebuild.dto.js';
import { RebuildStream } from './rebuild-stream.js';

/** Rebuilds, for operators. */
@Controller('admin/rebuilds')
@UseGuards(AdminGuard)
export class RebuildsController {
  constructor(
    private readonly nestfold: Nestfold,
    private readonly audit: AuditLog,
    private readonly stream: RebuildStream,
    private readonly host: HttpAdapterHost,
  ) {}

  /** How a rebuild goes; with `Accept: text/event-stream` as server-sent events, until it ends. */
  @Get(':id')
  async one(
    @Param('id') id: string,
    @Headers('accept') accept: string | undefined,
    @Res() response: object,
  ): Promise<void> {
    const status = await this.find(id);
    if (accept?.includes('text/event-stream')) await this.stream.send(response, status);
    else this.host.httpAdapter.reply(response, rebuildDto(status), 200);
  }

  /** Asks for the end of a rebuild; the live read models are not touched. 409 when it has ended. */
  @Post(':id/cancel')
  @HttpCode(202)
  async cancel(@Param('id') id: string, @Req() request: object): Promise<RebuildDto> {
    await this.find(id);
    await this.audit.record(request, '$admin.rebuild-cancel-requested', { rebuild: id });
    if (!(await this.nestfold.engine.cancelRebuild(id))) {
      throw new ConflictException({ message: `The rebuild '${id}' has ended.`, code: 'rebuild.ended' });
    }
    return rebuildDto(await this.find(id));
  }

  private async find(id: string): Promise<RebuildStatus> {
    const status = await this.nestfold.engine.rebuildStatus(id);
    if (status === undefined) throw new NotFound('rebuild', id);
    return status;
  }
}
