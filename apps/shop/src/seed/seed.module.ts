import { Module } from '@nestjs/common';
import { NestfoldModule } from '@nestfold/nestjs';
import { Seeder } from './seeder.js';
import { Seeding } from './seeding.aggregate.js';

/** Fills an empty shop with samples, when it is asked to. */
@Module({
  imports: [NestfoldModule.forFeature({ aggregates: [Seeding] })],
  providers: [Seeder],
})
export class SeedModule {}
