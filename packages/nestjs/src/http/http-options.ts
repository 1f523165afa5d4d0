import type { Actor } from '@nestfold/core';

/**
 * Options of `NestfoldHttpModule.forRoot`.
 * @publicApi
 */
export interface NestfoldHttpOptions {
  /**
   * Who sent the request, as the application's guards have found out; they have run before. Keys count for each principal
   * apart, so without it all callers share theirs. Nobody by default.
   */
  // `any`: the request is the platform's, and guards add to it what they like.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly principal?: (request: any) => Actor | undefined;
  /** The tenant for which the request is; none by default. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
  readonly tenant?: (request: any) => string | undefined;
  /** Whether all parameters of all controllers pass `nestfoldValidation()`; default true. */
  readonly validation?: boolean;
}
