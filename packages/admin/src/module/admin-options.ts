import type { CanActivate, ModuleMetadata, Type } from '@nestjs/common';
import type { Actor } from '@nestfold/core';

/**
 * Options of `AdminModule.forRoot`.
 * @publicApi
 */
export interface AdminOptions {
  /**
   * The application's guards, all of which must let a request pass: who is not known, or not an administrator, is theirs to refuse.
   * Nest makes them, so they may inject what is global or what `imports` bring.
   */
  readonly guard: Type<CanActivate> | readonly Type<CanActivate>[];
  /** The modules that export what the guards inject. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
  /** Who acts, for the audit; by default whom the `principal` of `NestfoldHttpModule` names. */
  // `any`: the request is the platform's, and guards add to it what they like.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly actor?: (request: any) => Actor | undefined;
  /** How often a stream of server-sent events looks at a rebuild, in milliseconds. Default 500. */
  readonly pollMs?: number;
  /** How often such a stream says that it is alive while nothing happens, in milliseconds. Default 15,000. */
  readonly heartbeatMs?: number;
}

/** The token of the options. @internal */
export const ADMIN_OPTIONS = Symbol('Nestfold admin options');

/** The token of the guards' instances. @internal */
export const ADMIN_GUARDS = Symbol('Nestfold admin guards');
