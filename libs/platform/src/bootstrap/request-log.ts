import { pinoHttp } from 'pino-http';
import type { Logger } from 'pino';
import { CORRELATION_HEADER } from '../logging/request-correlation.js';

/** Logs requests: failures of ours as errors, refusals as information, the rest for those who debug. Never bodies or credentials. */
export function requestLog(logger: Logger) {
  return pinoHttp({
    logger,
    genReqId: (request) => request.headers[CORRELATION_HEADER] as string,
    autoLogging: { ignore: ({ url }) => url?.startsWith('/health') ?? false },
    customLogLevel: (_request, { statusCode }, error) =>
      error !== undefined || statusCode >= 500 ? 'error' : statusCode >= 400 ? 'info' : 'debug',
    serializers: {
      req: ({ id, method, url }: { id: string; method: string; url: string }) => ({ id, method, url }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
  });
}
