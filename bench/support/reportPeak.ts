// Loaded before a program: says on stderr, as its last line, what memory it needed at most.
process.on('exit', () => {
  process.stderr.write(`\npeak ${process.resourceUsage().maxRSS} KiB\n`);
});
