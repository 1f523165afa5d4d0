import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { QueryInteger } from './query.decorators.js';

const DEFAULT_SIZE = 20;

/** Which part of an answer to show. Bounded, since a database walks over everything that it skips. */
export class PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 500, default: 1 })
  @QueryInteger({ min: 1, max: 500 })
  page?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: DEFAULT_SIZE })
  @QueryInteger({ min: 1, max: 100 })
  pageSize?: number;
}

/** A page of a longer answer. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly page: number;
  readonly pageSize: number;
  readonly total: number;
  readonly pages: number;
}

/** The fields of a page beside its items, for documents of pages. */
export class PageView {
  @ApiProperty({ type: 'integer' })
  page!: number;

  @ApiProperty({ type: 'integer' })
  pageSize!: number;

  @ApiProperty({ type: 'integer', description: 'Items on all pages together.' })
  total!: number;

  @ApiProperty({ type: 'integer' })
  pages!: number;
}

/** A stretch of an answer. */
export interface Range {
  readonly skip: number;
  readonly limit: number;
}

/** The stretch that a page covers. */
export function rangeOf({ page = 1, pageSize = DEFAULT_SIZE }: PageQuery): Range {
  return { skip: (page - 1) * pageSize, limit: pageSize };
}

/** A page out of its items and their number on all pages. */
export function pageOf<T>(items: readonly T[], total: number, { skip, limit }: Range): Page<T> {
  return { items, page: skip / limit + 1, pageSize: limit, total, pages: Math.ceil(total / limit) };
}
