import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HttpServer, startHttpServer } from './httpServer.ts';
import { passOn } from './tlsServer.ts';

export interface SignInProxy extends HttpServer {
  /** Ends every sign-in, as when a cookie has expired. */
  expire(): void;
}

const cookieName = 'AppServiceAuthSession';

/**
 * What App Service puts before an app that people sign in to: its pages of the sign-in, and the
 * headers that name who is signed in, which nobody else can send. The sign-in itself succeeds.
 *
 * @param port of the app, on loopback
 */
export async function startSignInProxy(port: number, userName: string): Promise<SignInProxy> {
  const sessions = new Set<string>();
  const server = await startHttpServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const isSignedIn = sessions.has(sessionOf(request));
    if (pathname === '/.auth/login/aad') {
      const session = randomUUID();
      sessions.add(session);
      redirect(response, searchParams.get('post_login_redirect_uri'), session);
    } else if (pathname === '/.auth/logout') {
      sessions.delete(sessionOf(request));
      redirect(response, searchParams.get('post_logout_redirect_uri'), '');
    } else if (pathname === '/.auth/me') {
      response.writeHead(isSignedIn ? 200 : 401, { 'content-type': 'application/json' });
      response.end(isSignedIn ? JSON.stringify([{ user_id: userName }]) : '');
    } else {
      for (const name of Object.keys(request.headers)) {
        if (name.startsWith('x-ms-client-principal')) delete request.headers[name];
      }
      if (isSignedIn) request.headers['x-ms-client-principal'] = principalOf(userName);
      passOn(request, response, port);
    }
  });
  return { ...server, expire: () => sessions.clear() };
}

function sessionOf({ headers }: IncomingMessage): string {
  return new RegExp(`${cookieName}=([^;]+)`).exec(headers.cookie ?? '')?.[1] ?? '';
}

function redirect(response: ServerResponse, to: string | null, session: string): void {
  response.writeHead(302, {
    location: to ?? '/',
    'set-cookie': `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Lax`,
  });
  response.end();
}

function principalOf(userName: string): string {
  const claims = [{ typ: 'preferred_username', val: userName }];
  return Buffer.from(JSON.stringify({ auth_typ: 'aad', claims })).toString('base64');
}
