import { foldContract } from '../contract/fold/fold.contract.js';
import { inMemoryFixture } from './in-memory.fixture.js';

foldContract(inMemoryFixture(), { runs: 1000 });
