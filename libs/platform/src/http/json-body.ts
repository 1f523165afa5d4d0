import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import { raw, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { checkJsonShape } from './json-shape.js';

/** How large a body may be, in bytes. */
export const BODY_LIMIT = 100 * 1024;

/**
 * Reads bodies: JSON objects in UTF-8, bounded in size and depth. Anything else is refused, since a parser that passes a
 * body over lets the request count as one without a body.
 */
export const jsonBody: readonly RequestHandler[] = [refuseOthers, raw({ type: 'application/json', limit: BODY_LIMIT }), parse];

function refuseOthers(request: Request, _response: Response, next: NextFunction): void {
  const { 'content-length': length, 'transfer-encoding': encoding, 'content-type': type = '' } = request.headers;
  const hasBody = encoding !== undefined || (length !== undefined && length !== '0');
  const fit = request.is('application/json') !== false && /^[^;]+(;\s*charset="?utf-8"?\s*)?$/i.test(type);
  if (hasBody && !fit) next(new UnsupportedMediaTypeException('The body must be application/json in UTF-8.'));
  else next();
}

function parse(request: Request, _response: Response, next: NextFunction): void {
  const bytes: unknown = request.body;
  if (!(bytes instanceof Uint8Array)) return next();
  try {
    if (bytes.length === 0) request.body = undefined;
    else {
      checkJsonShape(bytes);
      request.body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
    }
    next();
  } catch (error) {
    next(isMalformed(error) ? new BadRequestException({ message: 'The body is no JSON in UTF-8.', code: 'body.malformed' }) : error);
  }
}

/** What `JSON.parse` and the decoder throw. */
function isMalformed(error: unknown): boolean {
  return error instanceof SyntaxError || error instanceof TypeError;
}
