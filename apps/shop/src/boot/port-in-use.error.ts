/** Another program listens where the shop should. */
export class PortInUseError extends Error {
  constructor(host: string, port: number, options?: ErrorOptions) {
    super(
      `Port ${port} on ${host} is in use by another program: end it, or start the shop with another port, such as PORT=${port + 1}.`,
      options,
    );
    this.name = 'PortInUseError';
  }
}
