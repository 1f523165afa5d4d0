import {
  Body,
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
import { readBody } from '../requests/read-body.js';
import { THROTTLE_FIELDS } from '../requests/rebuild.bodies.js';
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

  /** The rebuilds of all projections of this build, the latest first; the first build of a version counts as one. */
  @Get()
  async list(): Promise<RebuildDto[]> {
    return (await this.nestfold.engine.rebuilds()).map(rebuildDto);
  }

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
    return this.changed(id, await this.nestfold.engine.cancelRebuild(id));
  }

  /** Holds it back until it is resumed; it keeps what it has built. 409 when it has ended. */
  @Post(':id/pause')
  @HttpCode(202)
  async pause(@Param('id') id: string, @Req() request: object): Promise<RebuildDto> {
    await this.find(id);
    await this.audit.record(request, '$admin.rebuild-pause-requested', { rebuild: id });
    return this.changed(id, await this.nestfold.engine.pauseRebuild(id));
  }

  /** Lets it go on where it stood. 409 when it has ended. */
  @Post(':id/resume')
  @HttpCode(202)
  async resume(@Param('id') id: string, @Req() request: object): Promise<RebuildDto> {
    await this.find(id);
    await this.audit.record(request, '$admin.rebuild-resume-requested', { rebuild: id });
    return this.changed(id, await this.nestfold.engine.resumeRebuild(id));
  }

  /** Says how fast it may go, from now on; without `eventsPerSecond` as fast as it can. 409 when it has ended. */
  @Post(':id/throttle')
  @HttpCode(202)
  async throttle(@Param('id') id: string, @Body() body: unknown, @Req() request: object): Promise<RebuildDto> {
    const { eventsPerSecond } = readBody(body, THROTTLE_FIELDS);
    await this.find(id);
    const throttle = eventsPerSecond ?? null;
    await this.audit.record(request, '$admin.rebuild-throttle-requested', { rebuild: id, throttle });
    return this.changed(id, await this.nestfold.engine.throttleRebuild(id, eventsPerSecond));
  }

  private async changed(id: string, isDone: boolean): Promise<RebuildDto> {
    if (!isDone) throw new ConflictException({ message: `The rebuild '${id}' has ended.`, code: 'rebuild.ended' });
    return rebuildDto(await this.find(id));
  }

  private async find(id: string): Promise<RebuildStatus> {
    const status = await this.nestfold.engine.rebuildStatus(id);
    if (status === undefined) throw new NotFound('rebuild', id);
    return status;
  }
}
