import { mongo } from '@nestfold/mongodb';
import { NestfoldModule } from '@nestfold/nestjs';

/** As the README of mongodb has it. */
export function opened(): void {
  NestfoldModule.forRoot({ store: mongo({ uri: 'mongodb://127.0.0.1:27017/accounts' }) });
}
