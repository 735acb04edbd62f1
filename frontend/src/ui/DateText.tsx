import type { DateOptions } from './format';
import { useFormat } from './useFormat';

/** A day or a moment in words, in the reader's language; the machine-readable value stays in the markup. */
export function DateText({ value, time = false, ...options }: DateOptions & { value: string; time?: boolean }) {
  const format = useFormat();
  return <time dateTime={value}>{time ? format.moment(value, options) : format.date(value, options)}</time>;
}
