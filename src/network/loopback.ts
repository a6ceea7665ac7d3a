const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a URL's host name is this machine: the only one for which plain http is accepted. */
export function isLoopback(hostname: string): boolean {
  return loopbackHost.test(hostname);
}
