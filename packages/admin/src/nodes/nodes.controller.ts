import { Controller, Get, UseGuards } from '@nestjs/common';
import { Nestfold } from '@nestfold/nestjs';
import { AdminGuard } from '../security/admin.guard.js';
import { nodeDto, type NodeDto } from './node.dto.js';

/** The processes that share the store, for operators. */
@Controller('admin/nodes')
@UseGuards(AdminGuard)
export class NodesController {
  constructor(private readonly nestfold: Nestfold) {}

  /** All that have reported, also those that died lately. */
  @Get()
  async list(): Promise<NodeDto[]> {
    return (await this.nestfold.connection.nodes.list()).map(nodeDto);
  }
}
