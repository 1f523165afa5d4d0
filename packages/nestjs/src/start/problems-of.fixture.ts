import 'reflect-metadata';
import type { Provider } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { isConfigurationError, type StoreAdapter } from '@nestfold/core';
import { vi } from 'vitest';
import { NestfoldModule, type FeatureOptions, type NestfoldOptions } from '../index.js';

// Whatever is wrong is found before anything is connected.
export const connect = vi.fn<StoreAdapter['connect']>(async () => {
  throw new Error('must not connect');
});
export const store: StoreAdapter = { kind: 'never', connect };

interface Parts {
  readonly providers?: Provider[];
  readonly feature?: FeatureOptions;
  readonly options?: Partial<NestfoldOptions>;
}

/** What the start of an application with these parts reports. */
export async function problemsOf({ providers = [], feature = {}, options = {} }: Parts): Promise<readonly string[]> {
  const module = await Test.createTestingModule({
    imports: [NestfoldModule.forRoot({ store, ...options }), NestfoldModule.forFeature(feature)],
    providers,
  }).compile();
  const error: unknown = await module.init().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isConfigurationError(error)) throw new Error('It started, or failed otherwise.', { cause: error });
  return error.details['problems'] as string[];
}
