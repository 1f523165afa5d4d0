import { Controller, Get, Res } from '@nestjs/common';
import { NestfoldHealth } from '@nestfold/nestjs';
import {
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../identity/access.decorators.js';

/** How a process is. */
export class HealthView {
  @ApiProperty({ enum: ['up', 'ready', 'not-ready'] })
  status!: 'up' | 'ready' | 'not-ready';

  @ApiPropertyOptional({ type: [String], description: 'What it waits for.' })
  reasons?: readonly string[];
}

/** Answers orchestrators: whether to restart this process, and whether to send it requests. */
@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly health: NestfoldHealth) {}

  @Get('live')
  @Public()
  @ApiOperation({ summary: 'Whether the process lives', operationId: 'isLive' })
  @ApiOkResponse({ type: HealthView })
  live(): HealthView {
    return { status: 'up' };
  }

  @Get('ready')
  @Public()
  @ApiOperation({ summary: 'Whether the process can serve: alive but stuck is not ready', operationId: 'isReady' })
  @ApiOkResponse({ type: HealthView })
  @ApiServiceUnavailableResponse({ type: HealthView })
  async ready(@Res({ passthrough: true }) response: Response): Promise<HealthView> {
    const { ready, reasons } = await this.health.isReady();
    if (!ready) response.status(503);
    return ready ? { status: 'ready' } : { status: 'not-ready', reasons };
  }
}
