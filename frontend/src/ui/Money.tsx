import { formatMoney } from './format';

/** A sum in tenge. `amount` is the decimal string of the contract, "43250.00". */
export function Money({ amount }: { amount: string }) {
  return <span className="nowrap">{formatMoney(amount)}</span>;
}
