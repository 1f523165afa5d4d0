import { UnsupportedMediaTypeException } from '@nestjs/common';
import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';

/** How large a body may be, in bytes. */
export const BODY_LIMIT = 100 * 1024;

/** Reads bodies of JSON, bounded in size. What they hold is for the validation to judge, their depth included. */
export const jsonBody: readonly RequestHandler[] = [refuseOthers, json({ limit: BODY_LIMIT })];

/** A parser passes over what is not its own: then the request would count as one without a body. */
function refuseOthers(request: Request, _response: Response, next: NextFunction): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  const hasBody = encoding !== undefined || (length !== undefined && length !== '0');
  const refused = hasBody && !request.is('application/json');
  next(refused ? new UnsupportedMediaTypeException('The body must be application/json.') : undefined);
}
