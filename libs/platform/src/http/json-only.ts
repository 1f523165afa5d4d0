import type { NextFunction, Request, Response } from 'express';
import { UnfitBody } from './http.errors.js';

/** Refuses bodies that are not JSON: a parser would pass them over, and the request would count as one without a body. */
export function jsonOnly(request: Request, _response: Response, next: NextFunction): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  const hasBody = encoding !== undefined || (length !== undefined && length !== '0');
  if (hasBody && !request.is('application/json')) next(new UnfitBody('The body must be application/json.', 415));
  else next();
}
