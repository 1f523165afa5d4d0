import { documentOperations } from './admin-operations.js';
import { documentSchemas } from './admin-schemas.js';

let documented = false;

/**
 * Lets `SwaggerModule.createDocument` describe the endpoints of `AdminModule`: what each does, takes and answers. To be called before a
 * document is made; again does nothing. Without it the endpoints stand there by their paths alone. Needs `@nestjs/swagger`.
 * @publicApi
 */
export function documentAdmin(): void {
  // Some decorators add to what is there.
  if (documented) return;
  documented = true;
  documentSchemas();
  documentOperations();
}
