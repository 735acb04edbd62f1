export function SignInWays(_props: { onSignedIn: () => void }) {
  return null;
}
