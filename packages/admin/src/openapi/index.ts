// The public surface of @nestfold/admin/openapi, for applications that have @nestjs/swagger.
export { documentAdmin } from './document-admin.js';
