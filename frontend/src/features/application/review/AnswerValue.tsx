import { useTranslation } from 'react-i18next';
import type { DeclaredColumn, DeclaredField } from '@/api/declaration';
import { useAuthority } from '@/api/directory';
import { useText3 } from '@/i18n/text3';
import { isDay } from '@/ui/days';
import { useFormat } from '@/ui/useFormat';
import { codesOf, isEmpty, type Row, rowOf, rowsOf, textOf } from '../answers';
import { useDraft } from '../draft/useDraft';

/** An answer as it will be read: words instead of codes, dates in words. Tables have a place of their own (AnswerTable). */
export function AnswerValue({ field, value }: { field: DeclaredField; value: unknown }) {
  const { t } = useTranslation('application');
  const { service } = useDraft();
  const text = useText3();
  const plain = usePlainValue();
  if (isEmpty(value) && field.type !== 'checkbox') return <span className="quiet">{t('review.empty')}</span>;
  switch (field.type) {
    case 'checkbox':
      return value === true ? t('review.yes') : t('review.no');
    case 'classifier': {
      const items = service.classifiers.find((one) => one.id === field.classifier)?.items ?? [];
      return (
        <ul className="plain">
          {codesOf(value).map((code) => (
            <li key={code}>{text(items.find((item) => item.code === code)?.fullName) || code}</li>
          ))}
        </ul>
      );
    }
    case 'address':
      return addressLine(rowOf(value), service.addressParts);
    case 'addresses':
      return (
        <ol className="plain">
          {rowsOf(value)
            .filter((row) => !isEmpty(row))
            .map((row) => (
              <li key={addressLine(row, service.addressParts)}>{addressLine(row, service.addressParts)}</li>
            ))}
        </ol>
      );
    case 'authority':
      return <AuthorityName code={textOf(value)} />;
    case 'table':
      return null;
    default:
      return plain(field, value);
  }
}

function AuthorityName({ code }: { code: string }) {
  const text = useText3();
  return text(useAuthority(code)?.name) || code;
}

export function addressLine(address: Row, parts: readonly { id: string }[]): string {
  return parts
    .map((part) => textOf(address[part.id]).trim())
    .filter(Boolean)
    .join(', ');
}

/** One value that fits into a line, in the reader's words. */
export function usePlainValue(): (field: DeclaredField | DeclaredColumn, value: unknown) => string {
  const text = useText3();
  const format = useFormat();
  return (field, value) => {
    const typed = textOf(value);
    if (field.type === 'date' && isDay(typed)) return format.date(typed);
    if (field.type === 'choice') {
      const option = field.options.find((one) => one.value === value);
      return option ? text(option.label) : typed;
    }
    return typed;
  };
}
