import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

/** Refuses bodies that are not JSON: a parser would pass them over, and the request would count as one without a body. */
export function jsonOnly(request: Request, _response: Response, next: NextFunction): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  const hasBody = encoding !== undefined || (length !== undefined && length !== '0');
  if (hasBody && !request.is('application/json'))
    next(new UnsupportedMediaTypeException('The body must be application/json.'));
  else next();
}
