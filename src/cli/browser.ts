import open from 'open';
import { printProgress } from './terminal.ts';

/** Opens an address in the user's browser; where that fails, the user does. */
export async function openBrowser(url: string): Promise<void> {
  try {
    await open(url);
  } catch {
    printProgress('No browser could be opened here: open the address yourself, on this machine.');
  }
}
