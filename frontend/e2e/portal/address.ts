/** What the set-up tells the stories about the programs that it has started; workers get it through the environment. */
const names = {
  portal: 'ELICENSING_URL',
  data: 'ELICENSING_DATA',
  bin: 'ELICENSING_BIN',
  ncalayer: 'E2E_NCALAYER',
  control: 'E2E_NCALAYER_CONTROL',
} as const;

export function tell(addresses: Record<keyof typeof names, string>): void {
  for (const [key, value] of Object.entries(addresses)) process.env[names[key as keyof typeof names]] = value;
}

export function told(key: keyof typeof names): string {
  const value = process.env[names[key]];
  if (!value) throw new Error(`${names[key]} is not set: the set-up has not run`);
  return value;
}
