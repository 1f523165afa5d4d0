import 'reflect-metadata';
import { Body, Controller, Get, Param, Post, Query, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Transform, Type } from 'class-transformer';
import {
  IsDate,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { NestfoldHttpModule, type Problem } from '../index.js';

class Line {
  @IsString() sku!: string;
  @IsInt() @Min(1) quantity!: number;
}

class Address {
  @IsString() street!: string;
}

class Order {
  @IsString() @Length(1, 20) id!: string;
  // Rules that look at nothing but presence: what they let through elsewhere.
  @IsNotEmpty() name!: string;
  @ValidateNested({ each: true }) @Type(() => Line) lines!: Line[];
  @ValidateNested() @Type(() => Address) address!: Address;
  @ValidateNested() @IsOptional() @Type(() => Address) billing?: Address;
  @IsDate() @IsOptional() @Type(() => Date) at?: Date;
  @IsNumber() @IsOptional() @Type(() => Number) weight?: number;
  @IsString() @IsOptional() @Transform(({ value }) => (value as string).trim()) note?: string;
}

class Page {
  @IsInt() @Min(0) @Max(10_000) @IsOptional() @Type(() => Number) skip?: number;
  @IsIn(['asc', 'desc']) @IsOptional() sort?: string;
}

class NoRules {
  name!: string;
}

@Controller()
class Border {
  @Post('orders')
  order(@Body() body: Order) {
    return {
      isOrder: body instanceof Order,
      isLine: body.lines.every((line) => line instanceof Line),
      isAddress: body.address instanceof Address,
      note: body.note,
    };
  }
  @Post('any') any(@Body() body: unknown) {
    return { body };
  }
  @Post('list') list(@Body() body: Line[]) {
    return { body };
  }
  @Post('field') field(@Body('name') name: string, @Body('other') other: unknown) {
    return { name, other };
  }
  @Post('no-rules') noRules(@Body() body: NoRules) {
    return body;
  }
  @Get('page') page(@Query() page: Page) {
    return page;
  }
  @Get('flat') flat(@Query() query: Record<string, string>) {
    return query;
  }
  @Get('one') one(
    @Query('text') text?: string,
    @Query('count') count?: number,
    @Query('flag') flag?: boolean,
    @Query('since') since?: Date,
  ) {
    return { text, count, flag, since };
  }
  @Get('many') many(@Query('tags') tags: string[]) {
    return { tags };
  }
  @Get('by-id/:id') byId(@Param('id') id: string) {
    return { id };
  }
}

let app: INestApplication;
let url: string;

/** Serves one operation of each shape, behind the strict pipe. */
export async function openBorder(): Promise<void> {
  const module = await Test.createTestingModule({
    imports: [NestfoldHttpModule.forRoot({})],
    controllers: [Border],
  }).compile();
  app = module.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
}

export function closeBorder(): Promise<void> {
  return app.close();
}

/** What the operation `orders` takes. */
export const VALID = { id: 'o1', name: 'n', lines: [{ sku: 's', quantity: 1 }], address: { street: 'x' } };

export async function post(
  path: string,
  body: unknown,
): Promise<{ status: number; body: Partial<Problem> & Record<string, unknown> }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${url}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: text,
  });
  return { status: response.status, body: (await response.json()) as Partial<Problem> & Record<string, unknown> };
}

export async function get(path: string): Promise<{ status: number; body: Partial<Problem> & Record<string, unknown> }> {
  const response = await fetch(`${url}/${path}`);
  return { status: response.status, body: (await response.json()) as Partial<Problem> & Record<string, unknown> };
}
