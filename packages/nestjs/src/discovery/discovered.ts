import type { Ctor } from '@nestfold/core';
import type { Feature } from '../module/feature.js';

/** A provider's class, with what it needs to be used. */
export interface DiscoveredProvider {
  readonly type: Ctor<object>;
  /** The module that lists it. */
  readonly module: string;
  /** False for request-scoped and transient providers, of which there is no one instance. */
  readonly singleton: boolean;
  readonly instance: object;
}

/** What was found in the application's modules. */
export interface Discovered {
  readonly features: readonly Feature[];
  readonly providers: readonly DiscoveredProvider[];
  /** The classes of all providers and controllers. */
  readonly classes: readonly Ctor<object>[];
}
