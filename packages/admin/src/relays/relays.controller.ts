import { Controller, Get, UseGuards } from '@nestjs/common';
import { Nestfold } from '@nestfold/nestjs';
import { AdminGuard } from '../security/admin.guard.js';
import { relayDto, type RelayDto } from './relay.dto.js';

/** What fills the topics of the transport, for operators. */
@Controller('admin/relays')
@UseGuards(AdminGuard)
export class RelaysController {
  constructor(private readonly nestfold: Nestfold) {}

  /** One for each topic of this process's transport; none without one. */
  @Get()
  async list(): Promise<RelayDto[]> {
    return (await this.nestfold.engine.relayStatuses()).map(relayDto);
  }
}
