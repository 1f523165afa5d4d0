import { Body, Controller, Get, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InvalidMessage, isConfigurationError, NotFound } from '@nestfold/core';
import { Nestfold } from '@nestfold/nestjs';
import { AuditLog } from '../audit/audit-log.js';
import { readBody } from '../requests/read-body.js';
import { REBUILD_FIELDS } from '../requests/rebuild.bodies.js';
import { rebuildDto, type RebuildDto } from '../rebuilds/rebuild.dto.js';
import { AdminGuard } from '../security/admin.guard.js';
import { projectionDto, type ProjectionDto } from './projection.dto.js';

/** The read side, for operators. */
@Controller('admin/projections')
@UseGuards(AdminGuard)
export class ProjectionsController {
  constructor(
    private readonly nestfold: Nestfold,
    private readonly audit: AuditLog,
    private readonly host: HttpAdapterHost,
  ) {}

  /** All projections of this build. */
  @Get()
  async list(): Promise<ProjectionDto[]> {
    return (await this.nestfold.engine.statuses()).map(projectionDto);
  }

  /** One projection; 404 when this build has none of that name. */
  @Get(':name')
  async one(@Param('name') name: string): Promise<ProjectionDto> {
    return projectionDto(await this.nestfold.engine.status(name));
  }

  /**
   * Begins to build the read models anew beside the live ones, which are read until the new ones have caught up. Answers 202 with the
   * rebuild, which `Location` names; 409 with the running one's id while there is one.
   */
  @Post(':name/rebuild')
  @HttpCode(202)
  async rebuild(
    @Param('name') name: string,
    @Body() body: unknown,
    @Req() request: object,
    @Res({ passthrough: true }) response: object,
  ): Promise<RebuildDto> {
    const options = readBody(body, REBUILD_FIELDS);
    const { engine } = this.nestfold;
    // Before the audit: what is not there cannot be rebuilt, and hostile names stay out of the log.
    await engine.status(name);
    const actor = await this.audit.record(request, '$admin.rebuild-requested', { projection: name, ...options });
    const { id } = await engine.rebuild(name, actor, options).catch(unfitOptions);
    const status = await engine.rebuildStatus(id);
    if (status === undefined) throw new NotFound('rebuild', id);
    this.host.httpAdapter.setHeader(
      response,
      'location',
      `${this.adminPathOf(request)}/rebuilds/${encodeURIComponent(id)}`,
    );
    return rebuildDto(status);
  }

  /** Stops its feeding, in all processes, until it is resumed; its documents stay readable as they are. */
  @Post(':name/pause')
  @HttpCode(202)
  async pause(@Param('name') name: string, @Req() request: object): Promise<ProjectionDto> {
    const { engine } = this.nestfold;
    await engine.status(name);
    await engine.pause(
      name,
      await this.audit.record(request, '$admin.projection-pause-requested', { projection: name }),
    );
    return this.one(name);
  }

  /** Lets it go on where it stood. */
  @Post(':name/resume')
  @HttpCode(202)
  async resume(@Param('name') name: string, @Req() request: object): Promise<ProjectionDto> {
    const { engine } = this.nestfold;
    await engine.status(name);
    await engine.resume(
      name,
      await this.audit.record(request, '$admin.projection-resume-requested', { projection: name }),
    );
    return this.one(name);
  }

  /** Makes the former documents the live ones again, as fresh as these; 409 with the lag they would have where nobody feeds them any more. */
  @Post(':name/rollback')
  @HttpCode(200)
  async rollback(@Param('name') name: string, @Req() request: object): Promise<ProjectionDto> {
    const { engine } = this.nestfold;
    await engine.status(name);
    await engine.rollback(
      name,
      await this.audit.record(request, '$admin.projection-rollback-requested', { projection: name }),
    );
    return this.one(name);
  }

  /** Where this module is mounted: an application may have a prefix before all of its paths. */
  private adminPathOf(request: object): string {
    const url = String(this.host.httpAdapter.getRequestUrl(request));
    return url.slice(0, url.lastIndexOf('/admin/projections/') + '/admin'.length);
  }
}

/** A number of partitions that this projection cannot have is the caller's mistake, not the server's. */
function unfitOptions(error: unknown): never {
  if (!isConfigurationError(error)) throw error;
  throw new InvalidMessage('The body', [{ path: 'partitions', message: error.message }]);
}
