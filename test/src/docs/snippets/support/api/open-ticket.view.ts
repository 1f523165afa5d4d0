import { ApiProperty } from '@nestjs/swagger';

/** A ticket that waits for somebody. */
export class OpenTicketView {
  @ApiProperty() _id!: string;
  @ApiProperty({ format: 'date-time' }) since!: Date;
}
