import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { NestfoldHttpOptions } from './http-options.js';

/** `forRoot` and `forRootAsync`, and the token of their options. @internal */
export const { ConfigurableModuleClass: HttpModuleClass, MODULE_OPTIONS_TOKEN: HTTP_OPTIONS } =
  new ConfigurableModuleBuilder<NestfoldHttpOptions>({ moduleName: 'NestfoldHttp' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createNestfoldHttpOptions')
    .build();
