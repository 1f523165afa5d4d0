/** The kept data is being worked on by a server that will not go away by itself. @publicApi */
export class DataFolderInUseError extends Error {
  readonly code = 'DATA_FOLDER_IN_USE';

  constructor(folder: string, holder: string, remedy: string, options?: ErrorOptions) {
    super(`${folder} is in use by ${holder}. ${remedy}`, options);
    this.name = 'DataFolderInUseError';
  }
}
