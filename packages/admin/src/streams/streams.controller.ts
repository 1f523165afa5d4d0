import { Controller, Get, Param, Query, Req, UseGuards } from '@nestjs/common';
import {
  categoryOf,
  envelopesOf,
  idOf,
  lastVersionOf,
  NotFound,
  type LoadOptions,
  type StreamName,
} from '@nestfold/core';
import { Nestfold } from '@nestfold/nestjs';
import { AdminGuard } from '../security/admin.guard.js';
import { checkedStream } from './checked-stream.js';
import { streamEventDto, type StreamDto, type StreamStateDto } from './stream.dto.js';
import { momentOf, refuseUnknownParameters, streamPageOf } from './stream-query.js';

/** What is in the store, for operators: the history of a stream, and its aggregate at any moment of it. */
@Controller('admin/streams')
@UseGuards(AdminGuard)
export class StreamsController {
  constructor(private readonly nestfold: Nestfold) {}

  /** A page of a stream's events, and with `at` (a version or a moment) its aggregate's state there. 404 for a stream without events. */
  @Get(':name')
  async one(
    @Req() request: { readonly query?: unknown },
    @Param('name') name: string,
    @Query('from') from?: string,
    @Query('limit') limit?: string,
    @Query('at') at?: string,
  ): Promise<StreamDto> {
    refuseUnknownParameters(request);
    const page = streamPageOf(from, limit);
    const moment = momentOf(at);
    const stream = checkedStream(name);
    const { events } = this.nestfold.connection;
    const head = await events.head(stream);
    if (head === undefined) throw new NotFound('stream', stream);
    const version = lastVersionOf(head);
    const { commits } = await events.read(stream, { fromVersion: page.from, limit: page.limit });
    const found = commits.flatMap(envelopesOf).filter((event) => event.version >= page.from);
    const shown = found.slice(0, page.limit);
    const next = (shown.at(-1)?.version ?? version) + 1;
    return {
      name: stream,
      version,
      events: shown.map(streamEventDto),
      ...(next <= version && { next }),
      ...(moment && { state: await this.stateAt(stream, moment) }),
    };
  }

  private async stateAt(stream: StreamName, moment: LoadOptions): Promise<StreamStateDto> {
    const category = categoryOf(stream);
    const definition = this.nestfold.aggregates.find((one) => one.category === category);
    if (definition === undefined) throw new NotFound('aggregate of category', category);
    const loaded = await this.nestfold.repository(definition.aggregate).load(idOf(stream), moment);
    if (loaded === undefined) throw new NotFound('state at that moment of', stream);
    return { version: loaded.version, state: loaded.state };
  }
}
