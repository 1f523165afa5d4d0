// The public surface of @shop/platform, listed by hand.
export { loadConfig, ShopConfig, type AuthConfig } from './config/shop-config.js';

export { createPino } from './logging/create-pino.js';
export { frameworkLogger } from './logging/framework-logger.js';
export { NestLogger } from './logging/nest-logger.js';
export { CORRELATION_HEADER, correlationId } from './logging/request-correlation.js';

export { Caller, Public, Roles } from './identity/access.decorators.js';
export { AdminGuard } from './identity/admin.guard.js';
export { DevelopmentIssuer } from './identity/development.issuer.js';
export { developmentUsers, type DevelopmentUser } from './identity/development-users.js';
export { Forbidden, IdentityUnavailable, InvalidToken } from './identity/identity.errors.js';
export { IdentityModule } from './identity/identity.module.js';
export {
  isAdmin,
  ownCustomer,
  ROLES,
  type IdentifiedRequest,
  type Principal,
  type Role,
} from './identity/principal.js';
export { TokenVerifier } from './identity/token-verifier.port.js';

export { newId } from './write/new-id.js';

export { BODY_LIMIT } from './http/json-body.js';
export { IdParams } from './http/id.params.js';
export { pageOf, PageQuery, PageView, rangeOf, type Page, type Range } from './http/page.js';
export { QueryAmount, QueryDay, QueryFlag, QueryInteger, QueryMoment } from './http/query.decorators.js';
export { accepted, ReceiptView, versioned } from './http/receipt.view.js';

export { ApiCommand, ApiRead, type OperationOptions } from './openapi/api.decorators.js';
export { describe } from './openapi/describe.js';
export { openApiDocument, type ApiDescription } from './openapi/openapi-document.js';
export { ProblemFieldView, ProblemView } from './openapi/problem.view.js';
export { Address, MoneyValue } from './openapi/shared-schemas.js';

export { HealthModule } from './health/health.module.js';

export { createShopApp } from './bootstrap/create-shop-app.js';
export { endWithStarter } from './bootstrap/end-with-starter.js';
export { listen, shutDown, untilSignal } from './bootstrap/serve.js';
