export { setup } from '@nestfold/dev-stack/vitest-global-setup';
