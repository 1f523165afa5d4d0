import type { CommandReceipt, NotAppliedReason } from '@nestfold/core';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Response } from 'express';

/** What a command did: read models follow soon after. */
export class ReceiptView {
  @ApiProperty({ description: 'The id of what was made or changed.' })
  id!: string;

  @ApiProperty({ type: 'integer', description: 'Its version afterwards: for If-Match.' })
  version!: number;

  @ApiPropertyOptional({ description: 'With `waitFor`: whether a read of those projections sees it.' })
  applied?: boolean;

  @ApiPropertyOptional({
    enum: ['timeout', 'parked', 'stopped', 'paused', 'unknown'],
    description: 'Why not. After `timeout` it will soon; else an operator is needed first.',
  })
  reason?: NotAppliedReason;
}

/** The answer to a command, with the version as `ETag`, and the address of what was made where there is one. */
export function accepted(
  response: Response,
  { id, version }: CommandReceipt,
  location?: (id: string) => string,
): ReceiptView {
  response.setHeader('ETag', `"${version}"`);
  if (location !== undefined) response.setHeader('Location', location(encodeURIComponent(id)));
  return { id, version };
}

/** Says which version an answer shows: for If-Match of the next command. */
export function versioned<T extends { readonly version: number }>(response: Response, view: T): T {
  response.setHeader('ETag', `"${view.version}"`);
  return view;
}
