import { ApiProperty } from '@nestjs/swagger';
import { IsId } from '@shop/contracts';

/** The id in a path. */
export class IdParams {
  @ApiProperty({ maxLength: 128 })
  @IsId()
  id!: string;
}
