import {
  changeFeedContract,
  checkpointContract,
  foldContract,
  generationRegistryContract,
  leaseContract,
  parkingContract,
  readModelContract,
} from '@nestfold/testing';
import { mongoFixture } from '../test/mongo.fixture.js';

changeFeedContract(mongoFixture('change_feed'));
leaseContract(mongoFixture('leases'));
checkpointContract(mongoFixture('checkpoints'));
parkingContract(mongoFixture('parking'));
readModelContract(mongoFixture('read_models'));
generationRegistryContract(mongoFixture('generations'));
foldContract(mongoFixture('fold'));
