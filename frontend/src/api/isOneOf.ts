/** The word is one of those that the pages know; what the server adds later is shown in general words instead. */
export function isOneOf<T extends string>(known: readonly T[], word: string): word is T {
  return (known as readonly string[]).includes(word);
}
