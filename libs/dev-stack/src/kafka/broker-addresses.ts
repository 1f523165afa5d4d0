/**
 * The addresses in `KAFKA_BROKERS`: `host:port`, several with commas. Throws an `Error` that names what is none.
 * @internal
 */
export function brokerAddresses(value: string): string[] {
  const addresses = value
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
  const wrong = addresses.find((address) => !/^[^\s:/]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i.test(address));
  if (wrong !== undefined || addresses.length === 0) {
    throw new Error(`KAFKA_BROKERS cannot be used: "${wrong ?? value}" is not host:port`);
  }
  return addresses;
}
