export { setup } from '@nestfold/dev-stack/vitest-kafka-setup';
