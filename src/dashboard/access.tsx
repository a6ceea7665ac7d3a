import { barrier, giveKey, signIn } from './session.ts';

/** What has to be given before there are figures. */
export function Access() {
  return <section class="access">{barrier.value === 'signIn' ? <SignIn /> : <KeyForm />}</section>;
}

function SignIn() {
  return (
    <>
      <h2>Sign in</h2>
      <p>These figures are for people who sign in with Microsoft Entra.</p>
      <button type="button" class="main" onClick={signIn}>
        Sign in
      </button>
    </>
  );
}

function KeyForm() {
  const isWrong = barrier.value === 'wrongKey';
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const key = new FormData(event.currentTarget as HTMLFormElement).get('key');
    if (typeof key === 'string' && key.trim() !== '') giveKey(key.trim());
  };
  return (
    <form onSubmit={submit}>
      <h2>Function key</h2>
      {isWrong && (
        <p class="warn" role="alert">
          <b>The key was not accepted.</b> It may have been renewed or revoked.
        </p>
      )}
      <p id="about-key">
        A key of the function app (Azure portal: App keys) opens these figures. It is kept in this
        tab until that is closed.
      </p>
      <label for="key">Key</label>
      <input
        id="key"
        name="key"
        type="password"
        autocomplete="off"
        required
        aria-describedby="about-key"
        aria-invalid={isWrong}
        ref={(input) => input?.focus()}
      />
      <button type="submit" class="main">
        Show the figures
      </button>
    </form>
  );
}
