import { ApiOperation, ApiQuery } from '@nestjs/swagger';

/** What an endpoint is called, and what it is for. */
export const operation = (operationId: string, summary: string, description?: string): MethodDecorator =>
  ApiOperation({ operationId, summary, ...(description !== undefined && { description }) });

/** A parameter that may be left out. */
export const query = (name: string, schema: object, description: string): MethodDecorator =>
  ApiQuery({ name, required: false, schema, description });
