import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { PlatformConfig } from '../config/environment.js';
import { AccessGuard } from './access.guard.js';
import { DevelopmentIssuer, type DevelopmentUser } from './development-issuer.js';
import { TokenController } from './token.controller.js';
import { remoteKeys, TokenVerifier } from './token-verifier.js';

/** Guards every route of the application: by an identity provider's tokens, or outside production by the development issuer's. */
@Module({})
export class IdentityModule {
  static forRoot(config: PlatformConfig, users: readonly DevelopmentUser[]): DynamicModule {
    const { AUTH_JWKS_URL: url, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = config;
    const guard = { provide: APP_GUARD, useClass: AccessGuard };
    if (url !== undefined && issuer !== undefined && audience !== undefined) {
      const verifier = { provide: TokenVerifier, useFactory: () => new TokenVerifier({ key: remoteKeys(url), issuer, audience }) };
      return { module: IdentityModule, global: true, providers: [verifier, guard], exports: [TokenVerifier] };
    }
    return {
      module: IdentityModule,
      global: true,
      controllers: [TokenController],
      providers: [
        { provide: DevelopmentIssuer, useFactory: () => DevelopmentIssuer.create(users) },
        { provide: TokenVerifier, inject: [DevelopmentIssuer], useFactory: (own: DevelopmentIssuer) => new TokenVerifier(own.source) },
        guard,
      ],
      exports: [TokenVerifier],
    };
  }
}
