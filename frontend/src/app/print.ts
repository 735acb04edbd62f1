const key = 'print';

/** Large print: one mark on the page's root enlarges everything, because every size is in rem (design README, Type). */
export function isLargePrint(): boolean {
  return document.documentElement.dataset.print === 'large';
}

export function setLargePrint(on: boolean): void {
  if (on) document.documentElement.dataset.print = 'large';
  else delete document.documentElement.dataset.print;
  try {
    localStorage.setItem(key, on ? 'large' : 'normal');
  } catch {
    // A browser that keeps nothing still enlarges this visit.
  }
}

export function restorePrint(): void {
  try {
    if (localStorage.getItem(key) === 'large') document.documentElement.dataset.print = 'large';
  } catch {
    // As above: no memory, normal print.
  }
}
