import { render } from 'preact';
import { App } from './app.tsx';
import { canParseExactly } from './exactJson.ts';
import { returnFromSignIn } from './session.ts';

/** Rounded figures would not be what was recorded. */
function TooOld() {
  return (
    <main>
      <h1>Azure usage</h1>
      <p>
        This browser cannot read numbers with all their digits. Chromium and Edge can from 114 on,
        Firefox from 135 and Safari from 18.4.
      </p>
    </main>
  );
}

document.body.replaceChildren();
render(canParseExactly ? <App /> : <TooOld />, document.body);
void returnFromSignIn();
