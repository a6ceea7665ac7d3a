// Removes the output of the build.
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
