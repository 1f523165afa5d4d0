import { applyDecorators, HttpCode } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPreconditionFailedResponse,
  ApiQuery,
  ApiUnprocessableEntityResponse,
  type ApiResponseOptions,
} from '@nestjs/swagger';
import { ReceiptView } from '../http/receipt.view.js';
import { ProblemView } from './problem.view.js';

/** What an operation is called, for people and for generated clients. */
export interface OperationOptions {
  readonly summary: string;
  readonly operationId: string;
  readonly description?: string;
}

const problem = (description: string): ApiResponseOptions => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemView' } } },
});

/** A command: answers 202 with a receipt; takes an `Idempotency-Key` and, for what exists already, `If-Match`. */
export function ApiCommand(options: OperationOptions & { readonly creates?: boolean }): MethodDecorator {
  const { creates = false, ...operation } = options;
  return applyDecorators(
    HttpCode(202),
    ApiOperation(operation),
    ApiAcceptedResponse({ type: ReceiptView, description: 'Done; read models follow.' }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Up to 200 characters. Repeated with the same key and body, the command takes effect once, and the first receipt is answered.',
      schema: { type: 'string', maxLength: 200 },
    }),
    ApiQuery({
      name: 'waitFor',
      required: false,
      description:
        'Projections, with commas between them, that are to have applied the command before it is answered: a read sees it then. The answer says in `applied` whether they have.',
      schema: { type: 'string', example: 'orders-read' },
    }),
    ApiQuery({
      name: 'waitForMs',
      required: false,
      description: 'How long to wait for them, in milliseconds.',
      schema: { type: 'integer', minimum: 0, maximum: 30_000, default: 2_000 },
    }),
    ApiBadRequestResponse(problem('The request is invalid; all errors are listed.')),
    ApiConflictResponse(problem(creates ? 'It exists already.' : 'It has changed meanwhile.')),
    ApiUnprocessableEntityResponse(
      problem('A rule refuses it, or the key was used for another command; `code` names it.'),
    ),
    ...(creates
      ? []
      : [
          ApiHeader({
            name: 'If-Match',
            required: false,
            description: 'The version that was seen, as the ETag names it: `"3"`.',
            schema: { type: 'string' },
          }),
          ApiNotFoundResponse(problem("There is no such thing, or it is not the caller's.")),
          ApiPreconditionFailedResponse(problem('The version in If-Match is not the present one.')),
        ]),
  );
}

/** A read: answers 200 with a view. */
export function ApiRead(
  options: OperationOptions & { readonly type: new () => object; readonly one?: boolean },
): MethodDecorator {
  const { type, one = false, ...operation } = options;
  return applyDecorators(
    ApiOperation(operation),
    ApiOkResponse({ type }),
    ApiBadRequestResponse(problem('The request is invalid; all errors are listed.')),
    ...(one ? [ApiNotFoundResponse(problem("There is no such thing, or it is not the caller's."))] : []),
  );
}

/** The schemas that the decorators refer to. @internal */
export const sharedSchemas = [ProblemView];
