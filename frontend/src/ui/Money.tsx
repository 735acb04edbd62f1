import { useFormat } from './useFormat';

/** A sum in tenge. `amount` is the decimal string of the contract, "43250.00". */
export function Money({ amount }: { amount: string }) {
  return <span className="nowrap">{useFormat().money(amount)}</span>;
}
