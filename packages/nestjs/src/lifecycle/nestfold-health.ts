import { Inject, Injectable } from '@nestjs/common';
import { environmentOf } from '../module/option-defaults.js';
import { MODULE_OPTIONS_TOKEN } from '../module/nestfold-module-definition.js';
import type { NestfoldOptions } from '../module/nestfold-options.js';
import type { Readiness } from '@nestfold/projections';
import { Nestfold } from './nestfold.js';

const PING_MS = 2_000;

/**
 * Tells a load balancer whether this process can serve: alive but stuck is not ready. Usable behind any health endpoint.
 * @publicApi
 */
@Injectable()
export class NestfoldHealth {
  constructor(
    private readonly nestfold: Nestfold,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: NestfoldOptions,
  ) {}

  /** Asks the runtime, and the store for at most 2 s. Never throws. */
  async isReady(): Promise<Readiness> {
    const { ready, reasons } = this.nestfold.readiness();
    if (!ready) return { ready, reasons };
    const answers = await this.storeAnswers();
    return answers ? { ready, reasons } : { ready: false, reasons: ['the store does not answer'] };
  }

  private async storeAnswers(): Promise<boolean> {
    const over = new AbortController();
    const environment = environmentOf(this.options);
    try {
      // The shutdown may have closed the store since the first look.
      const ping = this.nestfold.connection.ping().then(() => true);
      return await Promise.race([ping, environment.sleep(PING_MS, over.signal).then(() => false)]);
    } catch {
      return false;
    } finally {
      over.abort();
    }
  }
}
