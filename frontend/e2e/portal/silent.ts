import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { told } from './address';

/** While `work` runs, the demo certification authority answers nobody: it looks whether this file exists. */
export async function whileSilent(work: () => Promise<void>): Promise<void> {
  const file = path.join(told('data'), 'authority', 'silent');
  writeFileSync(file, '');
  try {
    await work();
  } finally {
    rmSync(file);
  }
}
