import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { ShopConfig } from '../config/shop-config.js';
import { developmentKey } from './development-key.js';
import { DevelopmentIssuer } from './development.issuer.js';
import { IdentityGuard } from './identity.guard.js';
import { JwksTokenVerifier } from './jwks.token-verifier.js';
import { TokenController } from './token.controller.js';
import { TokenVerifier } from './token-verifier.port.js';

/** Puts the guard before every route of the application, with the issuer that the settings name. */
@Module({})
export class IdentityModule {
  static forConfig({ auth, dataFolder }: Pick<ShopConfig, 'auth' | 'dataFolder'>): DynamicModule {
    const guard = { provide: APP_GUARD, useClass: IdentityGuard };
    if (auth.kind === 'external') {
      const verifier = { provide: TokenVerifier, useFactory: () => new JwksTokenVerifier(auth) };
      return { module: IdentityModule, providers: [verifier, guard] };
    }
    return {
      module: IdentityModule,
      controllers: [TokenController],
      providers: [
        { provide: DevelopmentIssuer, useFactory: async () => new DevelopmentIssuer(await developmentKey(dataFolder)) },
        { provide: TokenVerifier, useExisting: DevelopmentIssuer },
        guard,
      ],
    };
  }
}
