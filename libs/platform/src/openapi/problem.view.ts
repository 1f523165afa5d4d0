import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** One thing that is wrong with a request. */
export class ProblemFieldView {
  @ApiProperty({ description: 'The field, by its path.', example: 'items[0].quantity' })
  path!: string;

  @ApiProperty()
  message!: string;
}

/** Why a request failed (RFC 9457). `code` is stable: compare it, not the texts. */
export class ProblemView {
  @ApiProperty({ example: 'about:blank' })
  type!: string;

  @ApiProperty({ example: 'Unprocessable Content' })
  title!: string;

  @ApiProperty({ type: 'integer', example: 422 })
  status!: number;

  @ApiProperty({ example: 'order.empty' })
  code!: string;

  @ApiProperty()
  detail!: string;

  @ApiPropertyOptional({ description: 'The conversation, as it stands in the log.' })
  correlationId?: string;

  @ApiPropertyOptional({ type: () => [ProblemFieldView], description: 'Everything that is wrong, where fields are.' })
  errors?: ProblemFieldView[];
}
