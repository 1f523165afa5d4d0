import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { NestfoldOptions } from './nestfold-options.js';

/** `forRoot` and `forRootAsync`, and the token of their options. @internal */
export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<NestfoldOptions>({
  moduleName: 'Nestfold',
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createNestfoldOptions')
  .build();
