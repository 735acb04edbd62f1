/** Where a portal of the stories is, and what belongs to it. */
export type Addresses = { portal: string; data: string; bin: string; ncalayer: string; control: string };

// Workers get it from the set-up through the environment, each its own (TEST_PARALLEL_INDEX is Playwright's).
const variable = (worker: number | string) => `E2E_PORTAL_${worker}`;

/** Said by the set-up to one worker about the portal that it has started for it. */
export function tell(worker: number, addresses: Addresses): void {
  process.env[variable(worker)] = JSON.stringify(addresses);
}

export function told(key: keyof Addresses): string {
  const name = variable(process.env.TEST_PARALLEL_INDEX ?? 0);
  const addresses = process.env[name];
  if (!addresses) throw new Error(`${name} is not set: the set-up has not run`);
  return (JSON.parse(addresses) as Addresses)[key];
}
