import type { MongoClientOptions } from 'mongodb';

/** Of what a command is about, the log keeps enough to read its collection. */
const KEPT_CHARACTERS = 200;

/** Counts the commands of a client, by the driver's own monitoring, which it gives as a log where the client itself is out of reach. */
export class CommandCounter {
  private started: { readonly name: string; readonly collection: string | undefined }[] = [];

  /** For the client that is to be counted. */
  get options(): MongoClientOptions {
    return {
      mongodbLogComponentSeverities: { command: 'debug' },
      mongodbLogMaxDocumentLength: KEPT_CHARACTERS,
      mongodbLogPath: { write: (entry) => this.note(entry) },
    };
  }

  forget(): void {
    this.started = [];
  }

  /** Those on one of these collections, or of one of these names. */
  count({
    collections = [],
    names = [],
  }: {
    readonly collections?: readonly string[];
    readonly names?: readonly string[];
  }): number {
    return this.started.filter(
      ({ name, collection }) => names.includes(name) || (collection !== undefined && collections.includes(collection)),
    ).length;
  }

  private note({ message, commandName, command }: { readonly [field: string]: unknown }): void {
    if (message !== 'Command started') return;
    // Its name stands first, with the collection as its value.
    const collection = /^\{"\w+":"([^"]+)"/.exec(String(command))?.[1];
    this.started.push({ name: String(commandName), collection });
  }
}
