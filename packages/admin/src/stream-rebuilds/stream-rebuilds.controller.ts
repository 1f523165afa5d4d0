import { Controller, Get, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { NotFound } from '@nestfold/core';
import { Nestfold } from '@nestfold/nestjs';
import { AuditLog } from '../audit/audit-log.js';
import { AdminGuard } from '../security/admin.guard.js';
import { checkedStream } from '../streams/checked-stream.js';
import { streamRebuildDto, type StreamRebuildDto } from './stream-rebuild.dto.js';

/** What one stream feeds in a projection, for operators: made anew by itself. */
@Controller('admin/projections/:name/streams/:stream/rebuild')
@UseGuards(AdminGuard)
export class StreamRebuildsController {
  constructor(
    private readonly nestfold: Nestfold,
    private readonly audit: AuditLog,
    private readonly host: HttpAdapterHost,
  ) {}

  /** The latest one of the stream; 404 where there was none, or it was long ago. */
  @Get()
  async one(@Param('name') name: string, @Param('stream') of: string): Promise<StreamRebuildDto> {
    const stream = checkedStream(of);
    const status = await this.nestfold.engine.streamRebuild(name, stream);
    if (status === undefined) throw new NotFound('rebuild of the stream', stream);
    return streamRebuildDto(status);
  }

  /**
   * Asks the owner of the stream's partition to make its documents anew, at one go and in a second or so. Answers 202 with the request, to be looked at
   * under the same path, which `Location` names; 404 for a projection or stream that is not there, 409 where one stream cannot be rebuilt by itself.
   */
  @Post()
  @HttpCode(202)
  async rebuild(
    @Param('name') name: string,
    @Param('stream') of: string,
    @Req() request: object,
    @Res({ passthrough: true }) response: object,
  ): Promise<StreamRebuildDto> {
    const { engine, connection } = this.nestfold;
    // Before the audit: what is not there cannot be rebuilt, and hostile names stay out of the log.
    await engine.status(name);
    const stream = checkedStream(of);
    if ((await connection.events.head(stream)) === undefined) throw new NotFound('stream', stream);
    const actor = await this.audit.record(request, '$admin.stream-rebuild-requested', { projection: name, stream });
    const status = await engine.rebuildStream(name, stream, actor);
    const [path = ''] = String(this.host.httpAdapter.getRequestUrl(request)).split('?');
    this.host.httpAdapter.setHeader(response, 'location', path);
    return streamRebuildDto(status);
  }
}
