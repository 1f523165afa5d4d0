import { ApiPropertyOptional } from '@nestjs/swagger';
import { Optional } from '@shop/contracts';
import { QueryInteger } from '@shop/platform';
import { IsIn } from 'class-validator';
import { ACTIVITY_KINDS, type ActivityKind } from '../domain/activity.js';

/** What to count. */
class KindQuery {
  @ApiPropertyOptional({ enum: ACTIVITY_KINDS, default: 'purchase' })
  @Optional()
  @IsIn(ACTIVITY_KINDS)
  kind?: ActivityKind;
}

/** Which hours to show. */
export class HourlyQuery extends KindQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 168, default: 24, description: 'How many hours back.' })
  @QueryInteger({ min: 1, max: 168 })
  hours?: number;
}

/** Which days to show. */
export class DailyQuery extends KindQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 366, default: 30, description: 'How many days back.' })
  @QueryInteger({ min: 1, max: 366 })
  days?: number;
}
