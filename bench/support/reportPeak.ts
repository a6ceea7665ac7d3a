// Loaded before a program: prints its peak memory as the last line on stderr.
process.on('exit', () => {
  process.stderr.write(`\npeak ${process.resourceUsage().maxRSS} KiB\n`);
});
