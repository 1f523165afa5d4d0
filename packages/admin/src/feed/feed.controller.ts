import { Controller, Get, UseGuards } from '@nestjs/common';
import { Nestfold } from '@nestfold/nestjs';
import { AdminGuard } from '../security/admin.guard.js';
import { feedDto, type FeedDto } from './feed.dto.js';

/** The live feed that projections follow, for operators. */
@Controller('admin/feed')
@UseGuards(AdminGuard)
export class FeedController {
  constructor(private readonly nestfold: Nestfold) {}

  /** How much of the past it still has: of MongoDB, the oplog's headroom. */
  @Get()
  async one(): Promise<FeedDto> {
    return feedDto(await this.nestfold.engine.feedHeadroom());
  }
}
