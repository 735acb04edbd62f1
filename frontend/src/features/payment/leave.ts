/** Leads the browser to the gateway's page. Only to a web address, whatever the server said. */
export function leaveFor(address: string): void {
  const { protocol } = new URL(address);
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError('not a web address');
  window.location.assign(address);
}
