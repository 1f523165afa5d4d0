/** The files that applications are made from, by their path with `/`: the sample's as they stand in the repository. */
export type Template = ReadonlyMap<string, string>;

/** The versions of other packages with which the sample is tested; not a file of the application. */
export const VERSIONS = 'versions.json';

/** What `VERSIONS` holds: the root `package.json`'s dependencies, by name. */
export interface TestedVersions {
  readonly nestfold: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
