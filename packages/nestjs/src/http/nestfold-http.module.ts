import { Module, type PipeTransform } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { NestfoldValidationPipe } from '../validation/nestfold-validation.pipe.js';
import { HTTP_OPTIONS, HttpModuleClass } from './http-module-definition.js';
import type { NestfoldHttpOptions } from './http-options.js';
import { ProblemFilter } from './problem.filter.js';
import { RequestContextInterceptor } from './request-context.interceptor.js';

const unchecked: PipeTransform = { transform: (value: unknown) => value };

/**
 * The border of an application that serves HTTP: problem+json for every error, the request's context for messages, and
 * strict validation, before all controllers. Imported once, by the root module, with `forRoot` or `forRootAsync`.
 *
 * @example `NestfoldHttpModule.forRoot({ principal: (request) => request.user })`
 * @publicApi
 */
@Module({
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: RequestContextInterceptor },
    {
      provide: APP_PIPE,
      inject: [HTTP_OPTIONS],
      useFactory: ({ validation = true }: NestfoldHttpOptions) =>
        validation ? new NestfoldValidationPipe() : unchecked,
    },
  ],
})
export class NestfoldHttpModule extends HttpModuleClass {}
